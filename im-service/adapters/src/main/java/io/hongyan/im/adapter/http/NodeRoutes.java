package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.NodeControl.NodeState;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The server that answers: looked at, drained before it is stopped. */
public final class NodeRoutes implements Routes {
    /** Above what a server can hold. */
    static final int CLIENTS_PER_SECOND_MAX = 100_000;

    private static final String SERVING = "SERVING";
    private static final String DRAINING = "DRAINING";
    private static final String DRAINED = "DRAINED";
    private static final String NODE = "/v1/node";
    private static final String DRAIN = NODE + "/drain";
    private static final String LIMITS = NODE + "/limits";
    private static final Pattern SERVER_REFERENCE = Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]{0,254}");

    private final NodeControl node;

    record Drain(
            @Described(
                    value = "How many clients are moved away per second, 1-100000; if missing, as configured.",
                    optional = true)
            Integer clientsPerSecond,

            @Described(
                    value = "Address that MQTT 5 clients are told to use, such as mqtt2.example.com:1883, or several"
                            + " with blanks between; if missing, as configured.",
                    optional = true)
            String serverReference) {}

    record Node(
            @Described(
                    value = "SERVING, DRAINING, or DRAINED when no client is left.",
                    oneOf = {SERVING, DRAINING, DRAINED})
            String state,

            @Described("Clients that are connected or connecting.")
            int clients,

            @Described("Clients that were moved away since the server started.")
            long movedAwayTotal,

            @Described(value = "How many clients are moved away per second, while it is draining.", optional = true)
            Integer clientsPerSecond,

            @Described(value = "Address that MQTT 5 clients are told to use, while it is draining.", optional = true)
            String serverReference) {

        static Node of(NodeState state) {
            String word = state.draining() ? state.clients() == 0 ? DRAINED : DRAINING : SERVING;
            return new Node(
                    word,
                    state.clients(),
                    state.movedAwayTotal(),
                    state.draining() ? state.clientsPerSecond() : null,
                    state.draining() ? state.serverReference() : null);
        }
    }

    record Limit(
            @Described("The key of the setting, such as flood.connections_per_address_max or mqtt.packet_bytes_max.")
            String name,

            @Described("The value as in the configuration; a list has commas between.")
            String value) {}

    record Limits(
            @Described("All limits; in a request only those to change.")
            List<Limit> limits) {}

    /** @param node asked once the API is open */
    public NodeRoutes(NodeControl node) {
        this.node = node;
    }

    @Override
    public void addTo(RouteTable table) {
        Access operators = Access.business(HttpScope.NODE);
        table.add(
                Operation.get("getNode", NODE, "Shows the state of the server that answers.")
                        .by(operators)
                        .gives(HttpResponseStatus.OK, Node.class),
                request -> state());
        table.add(
                Operation.change(
                                "drainNode",
                                HttpMethod.POST,
                                DRAIN,
                                "Drains the server that answers: it accepts no new clients and moves the others away.")
                        .by(operators)
                        .takes(Drain.class)
                        .gives(HttpResponseStatus.OK, Node.class),
                this::drain);
        table.add(
                Operation.get(
                                "getNodeLimits",
                                LIMITS,
                                "Shows the limits on clients that can be changed while the server runs.")
                        .by(operators)
                        .gives(HttpResponseStatus.OK, Limits.class),
                request -> limits());
        table.add(
                Operation.change(
                                "setNodeLimits",
                                HttpMethod.PUT,
                                LIMITS,
                                "Changes such limits until the next start or SIGHUP.")
                        .by(operators)
                        .takes(Limits.class)
                        .gives(HttpResponseStatus.OK, Limits.class),
                this::changeLimits);
        table.add(
                Operation.change(
                                "undrainNode",
                                HttpMethod.DELETE,
                                DRAIN,
                                "Ends draining: the server accepts clients" + " again.")
                        .by(operators)
                        .gives(HttpResponseStatus.OK, Node.class),
                this::undrain);
    }

    private CompletionStage<Reply> limits() {
        List<Limit> limits = node.limits().entrySet().stream()
                .map(entry -> new Limit(entry.getKey(), entry.getValue()))
                .toList();
        return CompletableFuture.completedFuture(new Reply(new Limits(limits)));
    }

    private CompletionStage<Reply> changeLimits(ApiRequest request) {
        List<Limit> wanted = request.body(Limits.class).limits();
        Map<String, String> values = new LinkedHashMap<>();
        for (Limit limit : wanted) {
            if (values.put(limit.name(), limit.value()) != null) {
                throw Problem.malformed("The limit " + limit.name() + " is named twice.");
            }
        }
        try {
            node.changeLimits(values);
        } catch (IllegalArgumentException wrong) {
            throw Problem.malformed(wrong.getMessage());
        }
        return limits();
    }

    private CompletionStage<Reply> state() {
        return CompletableFuture.completedFuture(new Reply(Node.of(node.state())));
    }

    private CompletionStage<Reply> drain(ApiRequest request) {
        Drain drain = request.body(Drain.class);
        Integer rate = drain.clientsPerSecond();
        if (rate != null && (rate < 1 || rate > CLIENTS_PER_SECOND_MAX)) {
            throw Problem.malformed("The field clientsPerSecond takes 1-" + CLIENTS_PER_SECOND_MAX + '.');
        }
        String reference = drain.serverReference();
        if (reference != null && !SERVER_REFERENCE.matcher(reference).matches()) {
            throw Problem.malformed("The field serverReference takes 1-255 printable ASCII characters.");
        }
        node.drain(rate == null ? 0 : rate, reference);
        return state();
    }

    private CompletionStage<Reply> undrain(ApiRequest request) {
        node.undrain();
        return state();
    }
}
