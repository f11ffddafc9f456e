package io.hongyan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DefaultsTest {
    /** One component of each kind. */
    public record All(
            @Setting(value = "A number.", defaultValue = "1_000", min = 10, max = 2_000)
            int number,

            @Setting(value = "A large one.", defaultValue = "5_000_000_000", max = Long.MAX_VALUE)
            long large,

            @Setting(value = "Yes or no.", defaultValue = "true")
            boolean on,

            @Setting(value = "A text.", defaultValue = "off")
            String text,

            @Setting(value = "A path.", defaultValue = "") Path path,

            @Setting(value = "A constant.", defaultValue = "red")
            Colour colour,

            @Setting(value = "Constants.", defaultValue = "red,blue")
            List<Colour> colours,

            @Setting(value = "Something else.", defaultValue = "2x3")
            Size size,

            @Fixed("7") int fixed,
            Part part) {}

    /** A section. */
    public record Part(Map<String, Size> named) {}

    public enum Colour {
        RED,
        BLUE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A type with its own syntax. */
    public record Size(int width, int height) {
        public static Size parse(String text) {
            if (!text.matches("[0-9]x[0-9]")) {
                throw new IllegalArgumentException("'" + text + "' is no size");
            }
            return new Size(text.charAt(0) - '0', text.charAt(2) - '0');
        }
    }

    @Test
    void aRecordIsMadeOfTheDefaultsOfItsComponents() {
        assertThat(Defaults.of(All.class))
                .isEqualTo(new All(
                        1_000,
                        5_000_000_000L,
                        true,
                        "off",
                        Path.of(""),
                        Colour.RED,
                        List.of(Colour.RED, Colour.BLUE),
                        new Size(2, 3),
                        7,
                        new Part(Map.of())));
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatWould() {
        assertRefused("number", "9", "takes a number from 10 to 2000, not '9'");
        assertRefused("number", "2001", "takes a number from 10 to 2000, not '2001'");
        assertRefused("number", "١٠", "takes a number from 10 to 2000, not '١٠'");
        assertRefused("large", "9".repeat(30), "takes a number from 0 to 9223372036854775807, not '" + "9".repeat(30));
        assertRefused("on", "yes", "takes true or false, not 'yes'");
        assertRefused("text", "", "takes a text that is not empty, in UTF-8, not ''");
        assertRefused("path", "", "takes a path, not ''");
        assertRefused("colour", "RED", "takes red or blue, not 'RED'");
        assertRefused("colours", "red, green", "takes a list of red, blue, not 'green'");
        assertRefused("size", "2", "'2' is no size");
    }

    private static void assertRefused(String component, String text, String message) {
        assertThatThrownBy(() -> Texts.parse(
                        Arrays.stream(All.class.getRecordComponents())
                                .filter(each -> each.getName().equals(component))
                                .findFirst()
                                .orElseThrow(),
                        text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
