package io.hongyan.broker.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectRefusalTest {
    /** MQTT 5.0, table 3-1, and MQTT 3.1.1, table 3.1. */
    private static final String CODES = """
            CLIENT_IDENTIFIER_NOT_VALID 133 2
            BAD_USER_NAME_OR_PASSWORD 134 4
            NOT_AUTHORIZED 135 5
            CLIENT_NOT_SUPPORTED 131 5
            SERVER_UNAVAILABLE 136 3
            BANNED 138 5
            BAD_AUTHENTICATION_METHOD 140 5
            QUOTA_EXCEEDED 151 3
            USE_ANOTHER_SERVER 156 3
            CONNECTION_RATE_EXCEEDED 159 3
            """;

    @Test
    void codesAreThoseOfTheStandards() {
        Map<String, String> codes = new HashMap<>();
        for (ConnectRefusal refusal : ConnectRefusal.values()) {
            codes.put(refusal.name(), refusal.reasonCode() + " " + refusal.returnCode());
        }
        Map<String, String> expected = new HashMap<>();
        CODES.lines().forEach(line -> {
            String[] parts = line.split(" ", 2);
            expected.put(parts[0], parts[1]);
        });
        assertThat(codes).isEqualTo(expected);
    }
}
