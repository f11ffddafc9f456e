package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Statements of numbers alone, written out: nothing in them needs quoting, and one of many rows costs little more than
 * one of a single row.
 */
final class NumberRows {
    /** Rows of one statement. */
    private static final int ROWS_MAX = 1_000;

    private NumberRows() {}

    /**
     * Locks rows in the order of their keys and reads two numbers of each.
     *
     * @param table whose primary key is {@code key} alone
     * @param values two columns or numbers
     */
    static Map<Long, long[]> lock(Connection connection, String table, String key, String values, Collection<Long> keys)
            throws SQLException {
        List<Long> sorted = keys.stream().distinct().sorted().toList();
        Map<Long, long[]> found = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (int from = 0; from < sorted.size(); from += ROWS_MAX) {
                List<Long> some = sorted.subList(from, Math.min(sorted.size(), from + ROWS_MAX));
                try (ResultSet rows = statement.executeQuery(locking(table, key, values, some))) {
                    while (rows.next()) {
                        found.put(rows.getLong(1), new long[] {rows.getLong(2), rows.getLong(3)});
                    }
                }
            }
        }
        return found;
    }

    /**
     * The statement of {@link #lock}. By the primary key, or else it may walk through the table and wait for rows it does
     * not want; with a limit, or else a union would leave out the order.
     */
    static String locking(String table, String key, String values, List<Long> keys) {
        return "SELECT " + key + ", " + values + " FROM " + table + " FORCE INDEX (PRIMARY) WHERE " + key + " IN ("
                + list(keys) + ") ORDER BY " + key + " LIMIT " + keys.size() + " FOR UPDATE";
    }

    /**
     * @param table with its columns in parentheses
     * @param tail what follows the values, perhaps empty
     */
    static void insert(Connection connection, String table, List<long[]> rows, String tail) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int from = 0; from < rows.size(); from += ROWS_MAX) {
                StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES ");
                for (long[] row : rows.subList(from, Math.min(rows.size(), from + ROWS_MAX))) {
                    char before = '(';
                    for (long value : row) {
                        sql.append(before).append(value);
                        before = ',';
                    }
                    sql.append("),");
                }
                sql.setLength(sql.length() - 1);
                statement.executeUpdate(sql.append(tail).toString());
            }
        }
    }

    /** The same numbers with commas between. */
    static String list(Collection<Long> numbers) {
        StringBuilder list = new StringBuilder();
        numbers.forEach(number -> list.append(number).append(','));
        list.setLength(Math.max(0, list.length() - 1));
        return list.toString();
    }

    /** Cuts rows into parts for statements whose cost grows with the square of their rows. */
    static <T> List<List<T>> parts(List<T> all, int partMax) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += partMax) {
            parts.add(all.subList(from, Math.min(all.size(), from + partMax)));
        }
        return parts;
    }
}
