package io.hongyan.bench;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.hostile.Crowd;
import io.hongyan.bench.hostile.Target;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.HongyanLauncher;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.bench.time.SystemTime;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of hostile client gets as far as what it is for: while it is alone, metrics of the server move that show it. */
@Tag("long")
@Timeout(600)
final class AttacksTest {
    private static final Path HOME = Path.of("..");
    private static final long REACHED_SECONDS_MAX = 60;
    private static final long POLL_MILLIS = 20;

    /** Those of {@link ChangeAttacksTest}. */
    private static final Set<String> SHOWN_ELSEWHERE = Set.of("recalls", "reactions", "bad-changes");

    private static final String HANDSHAKES_OPEN = "handshakes_open";
    private static final long FEW = 20;
    private static final String MALFORMED = ended("malformed_packet");

    /** Kind → what must rise, each by 1 or more. */
    private static final Map<String, List<Aim>> AIMS = Map.ofEntries(
            entry("lengths", List.of(Aim.of(MALFORMED))),
            entry("half-open", List.of(new Aim(HANDSHAKES_OPEN, 100))),
            entry("slow-handshakes", List.of(new Aim(HANDSHAKES_OPEN, 100))),
            entry("before-connect", List.of(Aim.of(ended("handshake_too_large")))),
            entry("bad-logins", List.of(new Aim(refused("credentials"), 40))),
            entry("bad-signatures", List.of(new Aim(refused("credentials"), 40), Aim.of(done("tokens")))),
            entry("reconnect-storm", List.of(new Aim("gate_connections_opened_total", 300))),
            entry("garbage", List.of(Aim.of(MALFORMED))),
            entry("tls-hello", List.of(Aim.of(MALFORMED))),
            entry("tls-renegotiation", List.of(Aim.of("tls_handshakes_total"), Aim.of("connects_accepted_total"))),
            entry("tls-storm", List.of(new Aim("tls_handshakes_failed_total", 100))),
            entry("tls-half", List.of(new Aim("tls_handshakes_failed_total", 100))),
            entry("tls-records", List.of(Aim.of("tls_handshakes_total"))),
            entry("slow-http", List.of(new Aim(http(401), 16))),
            entry("http-oddities", List.of(Aim.of(http(400)), Aim.of(http(404)), Aim.of(http(405)))),
            entry("compressed-bomb", List.of(Aim.of(http(401)), Aim.of(http(415)))),
            entry("http-flood", List.of(new Aim(http(200), 100), Aim.of(http(404)))),
            entry("websocket-pings", List.of(Aim.of(ended("handshake_too_large")), Aim.of("rate_pauses_total"))),
            entry("websocket-frames", List.of(new Aim("gate_connections_opened_total", 5))),
            entry("payload-format", List.of(Aim.of("payloads_invalid_total"))),
            entry("nested-json", List.of(Aim.of("requests_malformed_total"))),
            entry("odd-json", List.of(new Aim("requests_malformed_total", 7))),
            entry("nested-content", List.of(new Aim("requests_malformed_total", 2))),
            entry("signals", List.of(Aim.of("signals_sent_total"), Aim.of(done("calls")))),
            entry("subscribe-flood", List.of(new Aim("subscribes_total", 500))),
            entry("subscription-bomb", List.of(Aim.of("generic_attached_total"), Aim.of("gate_filters_refused_total"))),
            entry("retained", List.of(new Aim("gate_retained_messages", 50))),
            entry("wills", List.of(Aim.of("generic_attached_total"))),
            entry("calls", List.of(Aim.of(done("calls")), new Aim("requests_malformed_total", 7))),
            entry("large-conversations", List.of(new Aim("sends_stored_total", 40), Aim.of("mqtt_calls_total"))),
            entry("many-devices", List.of(Aim.of("mqtt_connects_refused_total\\{reason=\"devices_online\"\\}"))),
            entry("slow-reader", List.of(new Aim("entries_pushed_total", 10))),
            entry("packet-flood", List.of(new Aim("requests_malformed_total", 500))),
            entry("malformed", List.of(Aim.of(MALFORMED))),
            entry("large-messages", List.of(new Aim("sends_stored_total", 20))),
            entry("small-packets", List.of(Aim.of(refused("answer_too_large")), Aim.of("deliveries_too_large_total"))),
            entry("qos2-open", List.of(new Aim("publishes_generic_total", 200))),
            entry("slow-notices", List.of(Aim.of("notices_dropped_total"))));

    private final BenchTime time = new SystemTime();

    @TempDir
    private Path directory;

    /** @param metric as {@link ApiClient#metric} takes it */
    private record Aim(String metric, long by) {
        static Aim of(String metric) {
            return new Aim(metric, 1);
        }
    }

    @Test
    void everyKindOfHostileClientReachesWhatItIsFor() {
        assertThat(new TreeSet<>(AIMS.keySet()))
                .containsExactlyInAnyOrderElementsOf(Crowd.names().stream()
                        .filter(name -> !SHOWN_ELSEWHERE.contains(name))
                        .toList());
        Doors doors = Doors.prepare(HOME, directory.resolve("doors"));
        HongyanLauncher launcher = new HongyanLauncher(HOME, List.of("-Xmx512m"), doors.settings(), time);
        List<String> missed = new ArrayList<>();
        try (HongyanServer server = launcher.start(directory, directory.resolve("data"))) {
            for (String kind : Crowd.names()) {
                if (AIMS.containsKey(kind)) {
                    missed.addAll(missed(server, doors, kind));
                }
            }
        }
        assertThat(missed).isEmpty();
    }

    /** Runs one kind until it has reached everything; says what it has not. */
    @SuppressWarnings("try")
    private List<String> missed(HongyanServer server, Doors doors, String kind) {
        ApiClient api = server.api();
        List<Aim> aims = AIMS.get(kind);
        awaitNobodyLeft(api, aims);
        List<Long> before = aims.stream().map(aim -> api.metric(aim.metric())).toList();
        long end = time.nanos() + REACHED_SECONDS_MAX * 1_000_000_000L;
        try (Crowd crowd = Crowd.start(List.of(kind), over -> target(server, doors, over), time)) {
            while (true) {
                List<String> missed = new ArrayList<>();
                for (int i = 0; i < aims.size(); i++) {
                    long rise = api.metric(aims.get(i).metric()) - before.get(i);
                    if (rise < aims.get(i).by()) {
                        missed.add(kind + ": " + aims.get(i) + " rose by " + rise);
                    }
                }
                if (missed.isEmpty() || time.nanos() > end) {
                    return missed;
                }
                time.pause(POLL_MILLIS);
            }
        }
    }

    /** What the kind before has open must not count, nor go away while this one is looked at. */
    private void awaitNobodyLeft(ApiClient api, List<Aim> aims) {
        long end = time.nanos() + REACHED_SECONDS_MAX * 1_000_000_000L;
        while (aims.stream().anyMatch(aim -> aim.metric().equals(HANDSHAKES_OPEN))
                && api.metric(HANDSHAKES_OPEN) > FEW
                && time.nanos() < end) {
            time.pause(POLL_MILLIS);
        }
    }

    private static Target target(HongyanServer server, Doors doors, BooleanSupplier over) {
        return new Target(
                server.mqtt(), port(doors.mqtts()), port(doors.webSocket()), server.http(), "h", server::token, over);
    }

    private static InetSocketAddress port(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static String ended(String reason) {
        return "connections_ended_total\\{reason=\"" + reason + "\"\\}";
    }

    private static String refused(String reason) {
        return "gate_connects_refused_total\\{reason=\"" + reason + "\"\\}";
    }

    private static String done(String queue) {
        return "work_done_total\\{queue=\"" + queue + "\"\\}";
    }

    private static String http(int status) {
        return "http_requests_seconds_count\\{.*status=\"" + status + "\".*\\}";
    }
}
