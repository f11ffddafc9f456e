package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.hostile.Crowd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on security tests names every kind of hostile client, and no other. */
final class HostileKindsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| (.+) \\|$");

    @Test
    void thePageHasEachKindWithWhatItDoes() throws Exception {
        String page = Files.readString(Path.of("../docs/security-testing.md"));
        String table = page.substring(page.indexOf("| kind | what it does |"), page.indexOf("Not among them"));
        List<String> described = new ArrayList<>();
        Matcher row = ROW.matcher(table);
        while (row.find()) {
            described.add("%-18s %s".formatted(row.group(1), row.group(2)));
        }
        assertThat(described).containsExactlyElementsOf(Crowd.described());
    }
}
