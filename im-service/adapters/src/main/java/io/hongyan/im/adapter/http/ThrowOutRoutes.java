package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.UserRoutes.OnlineDevice;
import io.hongyan.im.core.session.DeleteUser;
import io.hongyan.im.core.session.ThrowOut;
import io.hongyan.im.core.session.ThrowOut.Thrown;
import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Throws users out, and lets them in again. Each change leaves a line in the log that says who asked for it. */
public final class ThrowOutRoutes implements Routes {
    private static final Logger AUDIT = LoggerFactory.getLogger("hongyan.audit");
    private static final String USER = "/v1/users/{uid}";
    private static final Pattern DEVICE = Pattern.compile("[a-z]{1,16}:[A-Za-z0-9_.@-]{1,64}");

    private final Supplier<ThrowOut> throwOut;
    private final Supplier<DeleteUser> deleteUser;

    record Kick(
            @Described(value = "platform:name of one device; if missing, all devices.", optional = true)
            String device,

            @Described(
                    value = "Whether all tokens issued up to now become void, for the device or for all; false if"
                            + " missing: then the client may reconnect at once.",
                    optional = true)
            Boolean revokeTokens) {}

    record Kicked(
            @Described("The sessions that were ended, oldest login first.")
            List<OnlineDevice> ended,

            @Described(
                    value = "Tokens issued in this second or before are void, Unix time; only if tokens were revoked.",
                    optional = true)
            Long tokensRevokedAt) {}

    record Standing(
            @Described("The user.") String uid,

            @Described(
                    value = "ACTIVE, or DISABLED if the user may not log in.",
                    oneOf = {UserRoutes.ACTIVE, UserRoutes.DISABLED})
            String state) {}

    record UserDeleted(
            @Described("The user.") String uid,

            @Described("Whether everything is done; if false, send the request again.")
            boolean finished,

            @Described("Groups that the user owns: hand them over or dissolve them.")
            List<String> ownedGroups) {}

    /**
     * @param throwOut asked for once the API is open
     * @param deleteUser likewise
     */
    public ThrowOutRoutes(Supplier<ThrowOut> throwOut, Supplier<DeleteUser> deleteUser) {
        this.throwOut = throwOut;
        this.deleteUser = deleteUser;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                change(
                                "kickUser",
                                "/kick",
                                "Ends the sessions of a user at all nodes; with revokeTokens also makes"
                                        + " the user's tokens void.")
                        .takes(Kick.class)
                        .gives(HttpResponseStatus.OK, Kicked.class),
                this::kick);
        table.add(
                change(
                                "disableUser",
                                "/disable",
                                "Ends the sessions of a user and refuses the user's logins until the user is enabled.")
                        .gives(HttpResponseStatus.OK, Standing.class),
                this::disable);
        table.add(
                change("enableUser", "/enable", "Lets a disabled user log in again.")
                        .gives(HttpResponseStatus.OK, Standing.class),
                this::enable);
        table.add(
                Operation.change(
                                "deleteUser",
                                HttpMethod.DELETE,
                                USER,
                                "Deletes a user for good, in steps: repeat the request until it is finished.")
                        .by(Access.business(HttpScope.USERS_WRITE))
                        .gives(HttpResponseStatus.OK, UserDeleted.class)
                        .refuses(ErrorCode.UNKNOWN_USER),
                this::delete);
    }

    private static Operation change(String id, String what, String summary) {
        return Operation.change(id, HttpMethod.POST, USER + what, summary)
                .by(Access.business(HttpScope.USERS_WRITE))
                .refuses(ErrorCode.UNKNOWN_USER);
    }

    private CompletionStage<Reply> kick(ApiRequest request) {
        String uid = request.name("uid");
        Kick kick = request.body(Kick.class);
        String device = kick.device();
        if (device != null && !DEVICE.matcher(device).matches()) {
            throw Problem.malformed("The field device takes platform:name, as in the client id.");
        }
        boolean revoke = Boolean.TRUE.equals(kick.revokeTokens());
        return throwOut.get().kick(uid, device, revoke).thenApply(found -> {
            Thrown thrown = known(uid, found);
            AUDIT.info(
                    "{} kicked {} ({}{}): {} sessions",
                    request.caller().name(),
                    uid,
                    device == null ? "all devices" : device,
                    revoke ? ", tokens revoked" : "",
                    thrown.online().size());
            return new Reply(new Kicked(
                    thrown.online().stream().map(OnlineDevice::of).toList(),
                    revoke ? thrown.standing().revokedAt(device) : null));
        });
    }

    private CompletionStage<Reply> disable(ApiRequest request) {
        String uid = request.name("uid");
        return throwOut.get().disable(uid).thenApply(found -> {
            Thrown thrown = known(uid, found);
            AUDIT.info(
                    "{} disabled {}: {} sessions",
                    request.caller().name(),
                    uid,
                    thrown.online().size());
            return standing(uid, thrown.standing().state());
        });
    }

    private CompletionStage<Reply> enable(ApiRequest request) {
        String uid = request.name("uid");
        return throwOut.get().enable(uid).thenApply(found -> {
            var standing = known(uid, found);
            AUDIT.info("{} enabled {}", request.caller().name(), uid);
            return standing(uid, standing.state());
        });
    }

    private CompletionStage<Reply> delete(ApiRequest request) {
        String uid = request.name("uid");
        return deleteUser.get().delete(uid).thenApply(found -> {
            var deleted = known(uid, found);
            AUDIT.info("{} deleted {}{}", request.caller().name(), uid, deleted.finished() ? "" : ", in part so far");
            return new Reply(new UserDeleted(uid, deleted.finished(), deleted.owned()));
        });
    }

    private static Reply standing(String uid, Enum<?> state) {
        return new Reply(new Standing(uid, state.name()));
    }

    private static <T> T known(String uid, Optional<T> found) {
        return found.orElseThrow(() -> new Problem(ErrorCode.UNKNOWN_USER, "There is no user " + uid + "."));
    }
}
