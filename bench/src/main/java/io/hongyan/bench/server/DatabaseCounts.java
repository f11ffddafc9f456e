package io.hongyan.bench.server;

import io.hongyan.starters.MariaDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * MariaDB's own counters since its start.
 *
 * @param statements without those of this reading
 * @param syncs fsyncs of InnoDB
 */
public record DatabaseCounts(long statements, long syncs) {
    public static DatabaseCounts read(MariaDb database) {
        List<String> command = List.of(
                "mariadb",
                "--no-defaults",
                "--host=" + database.host(),
                "--port=" + database.port(),
                "--user=" + database.user(),
                "--batch",
                "--skip-column-names",
                "--execute=SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Innodb_data_fsyncs')");
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new DatabaseCounts(value(output, "Questions"), value(output, "Innodb_data_fsyncs"));
        } catch (IOException e) {
            throw new UncheckedIOException("the program mariadb cannot be started", e);
        }
    }

    private static long value(String output, String name) {
        return output.lines()
                .map(line -> line.split("\t"))
                .filter(fields -> fields[0].equals(name))
                .map(fields -> Long.parseLong(fields[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("MariaDB does not say " + name + ": " + output));
    }
}
