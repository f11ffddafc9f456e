package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.ApiRequest.Names;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.session.ConnectedClients;
import io.hongyan.im.core.session.ConnectedClients.ConnectedClient;
import io.hongyan.im.core.session.ConnectedClients.Filter;
import io.hongyan.im.core.session.Platform;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Who is connected to the server that answers. */
public final class ConnectionRoutes implements Routes {
    /** An answer has at most about 200 KiB. */
    static final int LIMIT_MAX = 500;

    private static final String MQTT_3 = "3.1.1";
    private static final String MQTT_5 = "5";
    private static final int LIMIT_DEFAULT = 100;
    private static final Pattern CONNECTION = Pattern.compile("[\\x21-\\x7e]{1,200}/[0-9]{1,18}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.%a-z]{2,64}");
    private static final Pattern GATE = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private static final List<String> PLATFORMS =
            Stream.of(Platform.values()).map(Platform::wireName).toList();

    private final Supplier<ConnectedClients> clients;
    private final BlockingWork work;

    record Connection(
            @Described("The id of the connection, unique; the same as in the feed.")
            String connection,

            @Described("The user.") String uid,

            @Described("platform:name, as in the client id.")
            String device,

            @Described("The gate that holds the connection.")
            String gate,

            @Described(
                    value = "The client's address; not known for a client whose gate has changed its node.",
                    optional = true)
            String address,

            @Described(
                    value = "The MQTT version of the client.",
                    oneOf = {MQTT_3, MQTT_5})
            String mqtt,

            @Described("When it connected, in milliseconds since 1970-01-01 UTC.")
            long loginAt) {

        static Connection of(ConnectedClient client) {
            return new Connection(
                    text(client.connection()),
                    client.device().uid(),
                    client.device().device(),
                    client.connection().gate(),
                    client.address().isEmpty() ? null : client.address(),
                    client.mqtt5() ? MQTT_5 : MQTT_3,
                    client.loginAtMillis());
        }
    }

    record Connections(
            @Described("Sorted by id.") List<Connection> connections,

            @Described(value = "If there are more: the parameter after for the next page.", optional = true)
            String next) {}

    /** @param clients asked for once the API is open */
    public ConnectionRoutes(Supplier<ConnectedClients> clients, BlockingWork work) {
        this.clients = clients;
        this.work = work;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                Operation.get(
                                "listConnections",
                                "/v1/connections",
                                "Lists the clients that are connected to the server that answers.")
                        .by(Access.business(HttpScope.USERS_WRITE))
                        .takesQuery("uid", "string", "Only connections of this user.")
                        .takesQuery("platform", PLATFORMS, "Only connections of this platform.")
                        .takesQuery("gate", "string", "Only connections to this gate.")
                        .takesQuery("address", "string", "Only connections from this address.")
                        .takesPage()
                        .gives(HttpResponseStatus.OK, Connections.class),
                this::list);
    }

    private CompletionStage<Reply> list(ApiRequest request) {
        String uid = request.query("uid") == null ? null : Names.check("The parameter uid", request.query("uid"));
        String platform = request.query("platform");
        if (platform != null && Platform.ofWireName(platform).isEmpty()) {
            throw Problem.malformed("The parameter platform must be one of the platforms of a client id.");
        }
        Filter filter =
                new Filter(uid, platform, matching(request, "gate", GATE), matching(request, "address", ADDRESS));
        String after = matching(request, ApiRequest.AFTER, CONNECTION);
        int limit = (int) request.number(ApiRequest.LIMIT, 1, LIMIT_MAX, LIMIT_DEFAULT);
        return work.submit(() -> {
            List<ConnectedClient> page = clients.get().page(filter, after == null ? null : key(after), limit + 1);
            boolean more = page.size() > limit;
            List<ConnectedClient> shown = more ? page.subList(0, limit) : page;
            return new Reply(new Connections(
                    shown.stream().map(Connection::of).toList(),
                    more ? text(shown.get(limit - 1).connection()) : null));
        });
    }

    private static String matching(ApiRequest request, String parameter, Pattern form) {
        String value = request.query(parameter);
        if (value != null && !form.matcher(value).matches()) {
            throw Problem.malformed("The parameter " + parameter + " has a value that does not fit.");
        }
        return value;
    }

    private static String text(ConnectionKey key) {
        return key.gate() + '/' + key.number();
    }

    private static ConnectionKey key(String text) {
        int slash = text.lastIndexOf('/');
        return new ConnectionKey(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
    }
}
