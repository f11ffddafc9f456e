package io.hongyan.im.adapter.sql.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Inserts many rows with few statements: a round trip costs more than a row. */
final class RowInserts {
    /** Rows of one statement, falling; the last is 1. */
    private static final int[] SIZES = {128, 32, 8, 2, 1};

    /** Values of one statement; one row is always allowed. Servers refuse packets above some megabytes. */
    private static final long BYTES_MAX = 1 << 20;

    private final String head;
    private final String row;
    private final String tail;

    /**
     * @param table with its columns in parentheses
     * @param columns how many
     * @param tail what follows the values, perhaps empty
     */
    RowInserts(String table, int columns, String tail) {
        this.head = "INSERT INTO " + table + " VALUES ";
        this.row = "(" + MysqlIds.marks(columns) + ")";
        this.tail = tail;
    }

    /** @param rows values in the order of the columns: Long, Integer, byte[], String or null */
    void insert(Connection connection, List<Object[]> rows) throws SQLException {
        int done = 0;
        while (done < rows.size()) {
            int fitting = fitting(rows, done);
            for (int size : SIZES) {
                while (fitting >= size) {
                    write(connection, rows.subList(done, done + size));
                    done += size;
                    fitting -= size;
                }
            }
        }
    }

    /** How many of the next rows one statement may take. */
    private static int fitting(List<Object[]> rows, int from) {
        long bytes = 0;
        int count = 0;
        while (from + count < rows.size() && count < SIZES[0]) {
            for (Object value : rows.get(from + count)) {
                bytes += value instanceof byte[] content ? content.length : Long.BYTES;
            }
            if (count > 0 && bytes > BYTES_MAX) {
                break;
            }
            count++;
        }
        return count;
    }

    private void write(Connection connection, List<Object[]> rows) throws SQLException {
        StringBuilder sql = new StringBuilder(head.length() + rows.size() * (row.length() + 1) + tail.length());
        sql.append(head);
        for (int i = 0; i < rows.size(); i++) {
            sql.append(i == 0 ? "" : ",").append(row);
        }
        try (PreparedStatement statement =
                connection.prepareStatement(sql.append(tail).toString())) {
            int parameter = 1;
            for (Object[] values : rows) {
                for (Object value : values) {
                    statement.setObject(parameter++, value);
                }
            }
            statement.executeUpdate();
        }
    }
}
