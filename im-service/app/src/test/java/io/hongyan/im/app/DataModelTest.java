package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** "The data" in ARCHITECTURE.md, compared with the migrations: both the drawing and the table have every table. */
final class DataModelTest {
    private static final Path ROOT = Path.of("../..");
    private static final Path MIGRATIONS =
            ROOT.resolve("im-service/adapters/src/main/resources/io/hongyan/im/adapter/sql/migration");
    private static final Pattern CREATED = Pattern.compile("(?m)^CREATE TABLE (\\w+)");
    private static final Pattern NAME = Pattern.compile("\\bim_\\w+");

    /** The drawing leaves out what is no data of its own: two tables that are an index of another one. */
    private static final Set<String> NOT_DRAWN = Set.of("im_message_key", "im_message_key_state");

    @Test
    void everyTableIsInTheDrawingAndInTheTable() throws IOException {
        String page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
        int start = page.indexOf("\n## The data\n");
        String[] parts = page.substring(start, page.indexOf("\n## ", start + 1)).split("```");
        assertThat(parts).as("before the drawing, the drawing, the table").hasSize(3);
        Set<String> created = created();
        assertThat(created).hasSizeGreaterThan(20);

        assertThat(names(parts[2].lines().filter(line -> line.startsWith("|")).map(DataModelTest::firstCell)))
                .as("first column of the table in ARCHITECTURE.md, \"The data\"")
                .isEqualTo(created);
        created.removeAll(NOT_DRAWN);
        assertThat(names(Stream.of(parts[1])))
                .as("the drawing in ARCHITECTURE.md, \"The data\"")
                .isEqualTo(created);
    }

    private static Set<String> created() throws IOException {
        Set<String> created = new TreeSet<>();
        for (String engine : List.of("mysql", "sqlite")) {
            try (Stream<Path> files = Files.list(MIGRATIONS.resolve(engine))) {
                for (Path file : files.toList()) {
                    Matcher table = CREATED.matcher(Files.readString(file));
                    table.results().forEach(found -> created.add(found.group(1)));
                }
            }
        }
        return created;
    }

    private static Set<String> names(Stream<String> texts) {
        Set<String> names = new TreeSet<>();
        texts.flatMap(text -> NAME.matcher(text).results())
                .map(MatchResult::group)
                .forEach(names::add);
        return names;
    }

    private static String firstCell(String row) {
        return row.split("\\|")[1];
    }
}
