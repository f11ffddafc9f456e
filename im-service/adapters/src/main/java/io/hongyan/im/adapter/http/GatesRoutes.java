package io.hongyan.im.adapter.http;

import io.hongyan.im.core.cluster.GateInfo;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Where clients may connect. */
public final class GatesRoutes implements Routes {
    /** Gates of one answer: a client needs a few to try. */
    static final int GATES_MAX = 200;

    private final Supplier<List<GateInfo>> gates;

    record GateAddress(
            @Described(value = "Its address for MQTT, such as mqtt://gate1.example.com:1883.", optional = true)
            String mqtt,

            @Described(
                    value = "Its address for MQTT over WebSocket, such as ws://gate1.example.com:8083/mqtt.",
                    optional = true)
            String websocket) {

        static GateAddress of(GateInfo gate) {
            return new GateAddress(orNull(gate.mqtt()), orNull(gate.webSocket()));
        }

        private static String orNull(String url) {
            return url.isEmpty() ? null : url;
        }
    }

    record Gates(
            @Described("Gates in the order in which to try them, at most 200; empty if no gate accepts clients now.")
            List<GateAddress> gates) {}

    /** @param gates all of the system, in any order; does not block */
    public GatesRoutes(Supplier<List<GateInfo>> gates) {
        this.gates = gates;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                Operation.get("listGates", "/v1/gates", "Lists the gates that accept clients, the least loaded first.")
                        .by(Access.businessAndUsers(HttpScope.USERS))
                        .gives(HttpResponseStatus.OK, Gates.class),
                request -> CompletableFuture.completedFuture(new Reply(open(gates.get()))));
    }

    static Gates open(List<GateInfo> all) {
        return new Gates(all.stream()
                .filter(GateInfo::takesClients)
                .sorted(GateInfo.LEAST_LOADED)
                .limit(GATES_MAX)
                .map(GateAddress::of)
                .toList());
    }
}
