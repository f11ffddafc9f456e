package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.ApiRequest.Names;
import io.hongyan.im.core.session.LookUpUsers;
import io.hongyan.im.core.session.LookUpUsers.AllDevices;
import io.hongyan.im.core.session.LookUpUsers.Found;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Users: made known before their first login, and looked at. */
public final class UserRoutes implements Routes {
    /** Devices of one answer. */
    static final int DEVICES_MAX = 500;

    static final String ACTIVE = "ACTIVE";
    static final String DISABLED = "DISABLED";

    /** When the last device of a page was seen, and its name. */
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,18})/([\\x21-\\x7e]{1,200})");

    private final Supplier<LookUpUsers> users;

    record EnsureUser(@Described("The user.") String uid) {}

    record OnlineDevice(
            @Described("platform:name, as in the client id.")
            String device,

            @Described("When it connected, in milliseconds since 1970-01-01 UTC.")
            long loginAt,

            @Described("When its last packet came, up to 30 s late, in milliseconds since 1970-01-01 UTC.")
            long lastPacketAt) {

        static OnlineDevice of(OnlineSession session) {
            return new OnlineDevice(session.device().device(), session.loginAtMillis(), session.lastPacketAtMillis());
        }
    }

    record User(
            @Described("The user.") String uid,

            @Described(
                    value = "ACTIVE, or DISABLED if the user may not log in.",
                    oneOf = {ACTIVE, DISABLED})
            String state,

            @Described("The devices that are connected, oldest login first; at most 500.")
            List<OnlineDevice> online) {

        static User of(Found found) {
            return new User(
                    found.uid(),
                    found.standing().state().name(),
                    found.online().stream()
                            .limit(DEVICES_MAX)
                            .map(OnlineDevice::of)
                            .toList());
        }
    }

    record KnownDevice(
            @Described("platform:name, as in the client id.")
            String device,

            @Described("Whether the device is connected.") boolean online,

            @Described(value = "The gate of its connection, while it is connected.", optional = true)
            String gate,

            @Described(
                    value = "When it connected, in milliseconds since 1970-01-01 UTC, while it is connected.",
                    optional = true)
            Long loginAt,

            @Described("When its last packet came, in milliseconds since 1970-01-01 UTC.")
            long lastSeenAt) {

        static KnownDevice of(String device, long usedAt, OnlineSession online) {
            return online == null
                    ? new KnownDevice(device, false, null, null, usedAt)
                    : new KnownDevice(
                            device,
                            true,
                            online.connection().gate(),
                            online.loginAtMillis(),
                            Math.max(usedAt, online.lastPacketAtMillis()));
        }
    }

    record KnownDevices(
            @Described("The device that was used last comes first.")
            List<KnownDevice> devices,

            @Described(value = "If there are more: the parameter after for the next page.", optional = true)
            String next) {

        private static final Comparator<KnownDevice> ORDER =
                Comparator.comparingLong(KnownDevice::lastSeenAt).reversed().thenComparing(KnownDevice::device);

        /** @param after the place of the last one of the page before, null = from the start */
        static KnownDevices of(AllDevices all, KnownDevice after, int limit) {
            List<KnownDevice> devices = all(all).stream()
                    .filter(device -> after == null || ORDER.compare(device, after) > 0)
                    .sorted(ORDER)
                    .limit(limit + 1L)
                    .toList();
            if (devices.size() <= limit) {
                return new KnownDevices(devices, null);
            }
            KnownDevice last = devices.get(limit - 1);
            return new KnownDevices(devices.subList(0, limit), last.lastSeenAt() + "/" + last.device());
        }

        private static List<KnownDevice> all(AllDevices all) {
            Map<String, OnlineSession> online = new HashMap<>();
            all.online().forEach(session -> online.put(session.device().device(), session));
            List<KnownDevice> devices = new ArrayList<>();
            all.known().forEach(known -> {
                String device = known.key().device();
                devices.add(KnownDevice.of(device, known.lastUsedAtMillis(), online.remove(device)));
            });
            online.values()
                    .forEach(session ->
                            devices.add(KnownDevice.of(session.device().device(), session.loginAtMillis(), session)));
            return devices;
        }
    }

    /** @param users asked for once the API is open */
    public UserRoutes(Supplier<LookUpUsers> users) {
        this.users = users;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                Operation.change("createUser", HttpMethod.POST, "/v1/users", "Creates a user, unless the user exists.")
                        .by(Access.business(HttpScope.USERS))
                        .takes(EnsureUser.class)
                        .gives(HttpResponseStatus.OK, User.class),
                this::ensure);
        table.add(
                Operation.get("getUser", "/v1/users/{uid}", "Shows a user: to that user, and to business lines.")
                        .by(Access.businessAndUsers(HttpScope.USERS))
                        .gives(HttpResponseStatus.OK, User.class)
                        .refuses(ErrorCode.UNKNOWN_USER),
                this::find);
        table.add(
                Operation.get(
                                "listDevicesOfUser",
                                "/v1/users/{uid}/devices",
                                "Lists the known devices of a user, connected or not.")
                        .by(Access.businessAndUsers(HttpScope.USERS))
                        .takesPage()
                        .gives(HttpResponseStatus.OK, KnownDevices.class)
                        .refuses(ErrorCode.UNKNOWN_USER),
                this::devices);
    }

    private CompletionStage<Reply> ensure(ApiRequest request) {
        String uid = Names.check("The field uid", request.body(EnsureUser.class).uid());
        return users.get().ensure(uid).thenApply(found -> {
            if (found.standing().isDeleted()) {
                throw new Problem(
                        ErrorCode.NOT_ALLOWED, "The user " + uid + " was deleted; the uid is not used again.");
            }
            return new Reply(User.of(found));
        });
    }

    private static String seen(ApiRequest request) {
        String uid = request.name("uid");
        if (request.caller() instanceof Caller.User user && !user.uid().equals(uid)) {
            throw new Problem(ErrorCode.NOT_ALLOWED, "With a user token only your own user can be shown.");
        }
        return uid;
    }

    private CompletionStage<Reply> devices(ApiRequest request) {
        String uid = seen(request);
        KnownDevice after = place(request.query(ApiRequest.AFTER));
        int limit = (int) request.number(ApiRequest.LIMIT, 1, DEVICES_MAX, DEVICES_MAX);
        return users.get()
                .devices(uid)
                .thenApply(found -> new Reply(KnownDevices.of(
                        found.orElseThrow(() -> new Problem(ErrorCode.UNKNOWN_USER, "There is no user " + uid + ".")),
                        after,
                        limit)));
    }

    private static KnownDevice place(String after) {
        if (after == null) {
            return null;
        }
        Matcher place = PLACE.matcher(after);
        if (!place.matches()) {
            throw Problem.malformed("The parameter after must be the field next of an earlier answer.");
        }
        return KnownDevice.of(place.group(2), Long.parseLong(place.group(1)), null);
    }

    private CompletionStage<Reply> find(ApiRequest request) {
        String uid = seen(request);
        return users.get()
                .find(uid)
                .thenApply(found -> new Reply(User.of(found.filter(
                                user -> !user.standing().isDeleted())
                        .orElseThrow(() -> new Problem(ErrorCode.UNKNOWN_USER, "There is no user " + uid + ".")))));
    }
}
