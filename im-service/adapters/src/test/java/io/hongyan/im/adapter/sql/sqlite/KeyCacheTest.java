package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyCacheTest {
    private final KeyCache<String, List<String>> cache = new KeyCache<>(4, List::size);

    @Test
    void leastUsedAreForgottenUntilTheRestIsLightEnough() {
        cache.put("a", List.of("1", "2"));
        cache.put("b", List.of("1"));
        cache.put("c", List.of("1"));
        assertThat(cache.get("a")).hasSize(2);

        cache.put("d", List.of("1", "2"));

        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("c")).isNull();
        assertThat(cache.get("a")).hasSize(2);
        assertThat(cache.get("d")).hasSize(2);
    }

    @Test
    void whatIsTooHeavyIsNotKeptAndWeighsNothingAfterwards() {
        cache.put("a", List.of("1", "2", "3", "4", "5"));
        assertThat(cache.get("a")).isNull();

        cache.put("b", List.of("1", "2", "3", "4"));
        assertThat(cache.get("b")).hasSize(4);
    }

    @Test
    void whatIsReplacedForgottenOrUndoneWeighsNothing() {
        cache.put("a", List.of("1", "2", "3", "4"));
        cache.put("a", List.of("1"));
        cache.put("b", List.of("1", "2"));
        cache.forget("b");
        cache.committed();
        cache.put("c", List.of("1", "2", "3"));
        assertThat(cache.get("a")).hasSize(1);

        cache.undone();

        assertThat(cache.get("c")).isNull();
        assertThat(cache.get("a")).hasSize(1);
        cache.put("d", List.of("1", "2", "3"));
        assertThat(cache.get("a")).hasSize(1);
        assertThat(cache.get("d")).hasSize(3);
    }

    @Test
    void ofTwoReadingsOfOneRowTheOneThatChangesIsKept() {
        List<String> first = new ArrayList<>(List.of("1"));
        cache.put("a", first);
        cache.put("b", List.of("1", "2", "3", "4"));
        cache.put("a", new ArrayList<>(List.of("1")));
        cache.committed();

        cache.touched("a", first);

        assertThat(cache.get("a")).isSameAs(first);
        cache.undone();
        assertThat(cache.get("a")).isNull();
    }
}
