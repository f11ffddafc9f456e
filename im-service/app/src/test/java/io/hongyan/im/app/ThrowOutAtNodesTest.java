package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.RawClient;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A user is thrown out at one node and has clients at the other one, one of them at a gate behind it: both end, also where
 * the notice from node to node is lost, and both nodes keep the user out. {@code ThrowOutTest} of the core has the time that
 * this may take.
 */
@Tag("servers")
@Timeout(180)
final class ThrowOutAtNodesTest {
    private static final int ADMINISTRATIVE_ACTION = 0x98;

    @TempDir
    static Path directory;

    private static PairOfServers servers;
    private static RunningGate gate;

    @BeforeAll
    static void start() throws Exception {
        servers = new PairOfServers(directory, "HONGYAN_LINK_LISTEN", "127.0.0.1:0");
        gate = RunningGate.start(directory.resolve("gate"), servers.two().linkPort());
    }

    @AfterAll
    static void stop() {
        gate.close();
        servers.close();
    }

    /** A kick alone is kept nowhere: only the notice ends the sessions, and who was kicked may come back. */
    @ParameterizedTest
    @CsvSource({
        "kicked-told, kick, false, BY_OPERATOR, 0, 0, 200",
        "revoked-told, revoke, false, TOKEN_REVOKED, 0x86, 4, 401",
        "revoked-not-told, revoke, true, TOKEN_REVOKED, 0x86, 4, 401",
        "disabled-told, disable, false, USER_DISABLED, 0x8A, 5, 403",
        "disabled-not-told, disable, true, USER_DISABLED, 0x8A, 5, 403"
    })
    void whoIsThrownOutAtOneNodeIsOutAtAll(
            String uid, String how, boolean noticeLost, String why, int connack5, int connack3, int status)
            throws Exception {
        String token = servers.one().token(uid);
        int nodePort = servers.two().mqttPort();
        try (RawClient atNode = new RawClient(nodePort, true);
                RawClient atGate = new RawClient(gate.mqttPort(), false)) {
            logIn(atNode, uid, "ios:phone", token);
            logIn(atGate, uid, "web:tab", token);
            long lost = servers.redis().lost();
            AtomicBoolean done = new AtomicBoolean(!noticeLost);
            servers.redis().lose(published -> published.contains(uid) && !done.getAndSet(true));

            long begin = System.nanoTime();
            throwOut(uid, how);
            RawClient.End ofNode = atNode.end();
            assertThat(ofNode.told()).contains("\"kicked\"", '"' + why + '"');
            assertThat(ofNode.reason()).isEqualTo(ADMINISTRATIVE_ACTION);
            RawClient.End ofGate = atGate.end();
            assertThat(ofGate.told()).contains("\"kicked\"", '"' + why + '"');
            assertThat(ofGate.reason()).isEqualTo(RawClient.CLOSED);
            System.out.println(uid + " was out after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            assertThat(servers.redis().lost()).isEqualTo(noticeLost ? lost + 1 : lost);
        }
        for (int port : new int[] {servers.one().mqttPort(), nodePort, gate.mqttPort()}) {
            assertThat(connect(port, true, uid, "ios:phone", token)).isEqualTo(connack5);
            assertThat(connect(port, false, uid, "web:tab", token)).isEqualTo(connack3);
        }
        for (RunningServer server : new RunningServer[] {servers.one(), servers.two()}) {
            assertThat(server.http("GET", "/v1/users/" + uid, null, "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(status);
        }
    }

    private static void throwOut(String uid, String how) {
        HttpApi business = HttpApi.business(servers.one());
        String path = "/v1/users/" + uid + (how.equals("disable") ? "/disable" : "/kick");
        String body = how.equals("disable") ? null : "{\"revokeTokens\":" + how.equals("revoke") + "}";
        assertThat(business.post(path, body).status()).isEqualTo(200);
    }

    private static void logIn(RawClient client, String uid, String device, String token) throws Exception {
        assertThat(client.connect(uid + ':' + device, uid, token, null).reason())
                .isZero();
        assertThat(client.subscribe(1, 0, "json/u/" + uid + "/notice").reason()).isZero();
    }

    /** What CONNACK said. */
    private static int connect(int port, boolean mqtt5, String uid, String device, String token) throws Exception {
        try (RawClient client = new RawClient(port, mqtt5)) {
            return client.connect(uid + ':' + device, uid, token, null).reason();
        }
    }
}
