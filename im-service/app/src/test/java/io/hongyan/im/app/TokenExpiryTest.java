package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.app.client.RawClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions end with their tokens, where that is wanted. */
@Tag("long")
@Timeout(120)
final class TokenExpiryTest {
    private static final int MAXIMUM_CONNECT_TIME = 0xA0;
    private static final int BAD_USER_NAME_OR_PASSWORD = 0x86;
    /** Enough to log in with, on a busy machine too. */
    private static final int TOKEN_SECONDS = 20;

    @TempDir
    Path directory;

    @Test
    void aClientIsToldThatItsTokenHasExpiredAndCutOffAndOthersStay() throws Exception {
        try (RunningServer server = RunningServer.start(
                        directory,
                        "HONGYAN_TOKENS_END_SESSIONS_AT_EXPIRY",
                        "true",
                        "HONGYAN_TOKENS_CLOCK_SKEW_SECONDS",
                        "0");
                RawClient lasting = new RawClient(server.mqttPort(), true);
                RawClient five = new RawClient(server.mqttPort(), true);
                RawClient three = new RawClient(server.mqttPort(), false)) {
            logIn(lasting, "bob:iot:lamp", server.token("bob"));
            String token = server.http("POST", "/v1/dev/token?uid=bob&ttl_seconds=" + TOKEN_SECONDS)
                    .body()
                    .strip();
            logIn(five, "bob:ios:phone", token);
            logIn(three, "bob:web:tab", token);

            RawClient.End ofFive = five.end();
            assertThat(ofFive.told()).contains("\"kicked\"", "\"TOKEN_EXPIRED\"");
            assertThat(ofFive.reason()).isEqualTo(MAXIMUM_CONNECT_TIME);
            RawClient.End ofThree = three.end();
            assertThat(ofThree.told()).contains("\"kicked\"", "\"TOKEN_EXPIRED\"");
            assertThat(ofThree.reason()).isEqualTo(RawClient.CLOSED);

            assertThat(lasting.ping().type()).isEqualTo(RawClient.PINGRESP);
            try (RawClient again = new RawClient(server.mqttPort(), true)) {
                assertThat(again.connect("bob:ios:phone", "bob", token, null).reason())
                        .isEqualTo(BAD_USER_NAME_OR_PASSWORD);
            }
            try (RawClient again = new RawClient(server.mqttPort(), true)) {
                logIn(again, "bob:ios:phone", server.token("bob"));
            }
        }
    }

    private static void logIn(RawClient client, String clientId, String token) throws Exception {
        assertThat(client.connect(clientId, "bob", token, null).reason()).isZero();
        assertThat(client.subscribe(1, 0, "json/u/bob/notice").reason()).isZero();
    }
}
