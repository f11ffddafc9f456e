package io.hongyan.im.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tables of the page for operators are made from the code. */
@Timeout(30)
final class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../../docs/operating/configuration.md");
    private static final Path MADE = Path.of("target/configuration.md");
    private static final Pattern ROWS = Pattern.compile("(?<=\\|---\\|\\n)(\\| `.*\\n)+");

    /** Those of the first table. */
    private static final List<String> NEEDED = List.of(
            "data_directory",
            "development",
            "listen.mqtts",
            "listen.https",
            "tls.certificate",
            "tls.key",
            "tokens.jwks.source",
            "sessions.per_class.mobile",
            "inbox.age_days_max",
            "storage.engine");

    @Test
    void theTablesAreThoseOfTheCode() throws Exception {
        List<Keys.Entry> all = Keys.flattenWithNames(Settings.DEFAULT);
        List<Keys.Entry> needed = NEEDED.stream()
                .map(key -> all.stream()
                        .filter(entry -> entry.key().equals(key))
                        .findFirst()
                        .orElseThrow())
                .toList();
        String page = Files.readString(PAGE);
        Matcher tables = ROWS.matcher(page);
        StringBuilder made = new StringBuilder();
        for (List<Keys.Entry> entries : List.of(needed, all)) {
            assertThat(tables.find()).as("a further table").isTrue();
            tables.appendReplacement(made, Matcher.quoteReplacement(rows(entries)));
        }
        tables.appendTail(made);
        Files.writeString(MADE, made);
        assertThat(page).as("%s is the page as it should be: copy it", MADE).isEqualTo(made.toString());
    }

    @Test
    void everySettingIsThereOnce() {
        assertThat(Keys.flattenWithNames(Settings.DEFAULT))
                .extracting(Keys.Entry::key)
                .doesNotHaveDuplicates();
    }

    private static String rows(List<Keys.Entry> entries) {
        return entries.stream().map(ConfigurationPageTest::row).collect(Collectors.joining());
    }

    private static String row(Keys.Entry entry) {
        Setting setting = entry.setting();
        boolean number = entry.value() instanceof Number;
        boolean unbounded = setting.max() == Long.MAX_VALUE || setting.max() == Integer.MAX_VALUE;
        String range = !number ? "" : setting.min() + "–" + (unbounded ? "" : setting.max());
        return "| `%s` | `%s` | %s | %s | %s |\n"
                .formatted(entry.key(), entry.value(), setting.unit(), range, setting.value());
    }
}
