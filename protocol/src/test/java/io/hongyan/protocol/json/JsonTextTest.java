package io.hongyan.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
    private static int tokens(String json) throws IOException {
        try (JsonParser in = JsonText.parser(json.getBytes(StandardCharsets.UTF_8))) {
            int tokens = 0;
            while (in.nextToken() != null) {
                tokens++;
            }
            return tokens;
        }
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    @Test
    void nestingHasALimitWhoeverReads() throws Exception {
        assertThat(tokens(nested(JsonText.DEPTH_MAX))).isEqualTo(2 * JsonText.DEPTH_MAX);
        assertThatThrownBy(() -> tokens(nested(JsonText.DEPTH_MAX + 1))).isInstanceOf(JacksonException.class);
        assertThatThrownBy(() -> tokens("{\"a\":".repeat(100_000))).isInstanceOf(JacksonException.class);
    }
}
