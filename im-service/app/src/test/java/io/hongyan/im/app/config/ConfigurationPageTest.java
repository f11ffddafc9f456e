package io.hongyan.im.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page for operators has the table that follows from the code. */
@Timeout(30)
final class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../../docs/operating/configuration.md");

    @Test
    void theTableOfSettingsIsThatOfTheCode() throws Exception {
        String table = Keys.flattenWithNames(Settings.DEFAULT).stream()
                .map(ConfigurationPageTest::row)
                .collect(Collectors.joining("\n"));
        Files.writeString(Path.of("target/configuration-table.md"), table + '\n');
        assertThat(Files.readString(PAGE))
                .as("target/configuration-table.md has the table as it should be")
                .contains(table);
    }

    private static String row(Keys.Entry entry) {
        Setting setting = entry.setting();
        boolean number = entry.value() instanceof Number;
        boolean unbounded = setting.max() == Long.MAX_VALUE || setting.max() == Integer.MAX_VALUE;
        String range = !number ? "" : setting.min() + "–" + (unbounded ? "" : setting.max());
        return "| `%s` | `%s` | %s | %s | %s |"
                .formatted(entry.key(), entry.value(), setting.unit(), range, setting.value());
    }
}
