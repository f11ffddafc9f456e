package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.ApiRequest.Names;
import io.hongyan.im.core.session.LookUpUsers;
import io.hongyan.im.core.session.LookUpUsers.Found;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.protocol.ErrorCode;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Users: made known before their first login, and looked at. */
public final class UserRoutes implements Routes {
    private final Supplier<LookUpUsers> users;

    record EnsureUser(@Described("The user.") String uid) {}

    record OnlineDevice(
            @Described("platform:name, as in the client id.")
            String device,

            @Described("When it came, in milliseconds since 1970-01-01 UTC.")
            long loginAt,

            @Described("When something last came from it, half a minute late; in the same form.")
            long lastPacketAt) {

        static OnlineDevice of(OnlineSession session) {
            return new OnlineDevice(session.device().device(), session.loginAtMillis(), session.lastPacketAtMillis());
        }
    }

    record User(
            @Described("The user.") String uid,

            @Described("active or disabled.") String state,

            @Described("The devices that are connected now, oldest login first.")
            List<OnlineDevice> online) {

        static User of(Found found) {
            return new User(
                    found.uid(),
                    found.standing().state().name().toLowerCase(Locale.ROOT),
                    found.online().stream().map(OnlineDevice::of).toList());
        }
    }

    /** @param users asked for once the API is open */
    public UserRoutes(Supplier<LookUpUsers> users) {
        this.users = users;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                Operation.change(HandlerType.POST, "/v1/users", "Makes a user, unless there is one already.")
                        .by(Access.business(HttpScope.USERS))
                        .takes(EnsureUser.class)
                        .gives(HttpStatus.OK, User.class),
                this::ensure);
        table.add(
                Operation.get("/v1/users/{uid}", "Shows a user: users themselves, business lines any.")
                        .by(Access.businessAndUsers(HttpScope.USERS))
                        .gives(HttpStatus.OK, User.class)
                        .refuses(ErrorCode.UNKNOWN_USER),
                this::find);
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

    private CompletionStage<Reply> find(ApiRequest request) {
        String uid = request.name("uid");
        if (request.caller() instanceof Caller.User user && !user.uid().equals(uid)) {
            throw new Problem(ErrorCode.NOT_ALLOWED, "With a user token you see yourself only.");
        }
        return users.get()
                .find(uid)
                .thenApply(found -> new Reply(User.of(found.filter(
                                user -> !user.standing().isDeleted())
                        .orElseThrow(() -> new Problem(ErrorCode.UNKNOWN_USER, "There is no user " + uid + ".")))));
    }
}
