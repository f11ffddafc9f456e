package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.http.Caller.Business;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class BusinessKeysTest {
    private static final String ONE = "one-0123456789abcdefghijklmnopqrstuv";
    private static final String OTHER = "two-0123456789abcdefghijklmnopqrstuv";

    private final BusinessKeys keys = new BusinessKeys();

    @Test
    void aSecretNamesItsHolder() {
        keys.add("one", ONE, Set.of(HttpScope.GROUPS));
        keys.add("other", OTHER, Set.of(HttpScope.FEED));
        assertThat(keys.holder(ONE)).hasValue(new Business("one", Set.of(HttpScope.GROUPS)));
        assertThat(keys.holder(OTHER)).hasValue(new Business("other", Set.of(HttpScope.FEED)));
        for (String none : List.of("", ONE.substring(1), ONE + ' ', ONE.toUpperCase(java.util.Locale.ROOT), "one")) {
            assertThat(keys.holder(none)).as(none).isEmpty();
        }
    }

    @Test
    void unusableSecretsAreRefusedWithoutBeingShown() {
        keys.add("one", ONE, Set.of(HttpScope.GROUPS));
        for (String unusable : List.of("short", "x".repeat(31), "x".repeat(1_025), ONE + "\u00e9", "a b" + ONE, ONE)) {
            assertThatThrownBy(() -> keys.add("other", unusable, Set.of(HttpScope.GROUPS)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("other")
                    .hasMessageNotContaining(unusable);
        }
    }
}
