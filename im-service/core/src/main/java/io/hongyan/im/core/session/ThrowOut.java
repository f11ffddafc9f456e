package io.hongyan.im.core.session;

import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.UserStanding.State;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Throws users out, at all nodes, and keeps them out. What is decided is durable first; then the sessions are ended, here at
 * once and elsewhere by a notice. {@link #look}, run every {@link #LOOK_MILLIS} at every node, ends those that a lost notice,
 * or a login that was under way, has left.
 */
public final class ThrowOut {
    public static final long LOOK_MILLIS = 2_000;

    /** By how much the clocks of two nodes may differ, and how long a login may be under way. */
    private static final long OVERLAP_MILLIS = 60_000;

    /** Users that may be thrown out within {@link #LOOK_MILLIS} if none of their sessions is to be overlooked. */
    private static final int USERS_MAX = 10_000;

    private static final long MILLIS_PER_SECOND = 1_000;

    private final Users users;
    private final Sessions sessions;
    private final SessionDirectory directory;
    private final OtherNodes otherNodes;
    private final BlockingWork blocking;
    private final InstantSource clock;
    // The looker's.
    private long lookedAtMillis;

    /** @param online the sessions that were there, at whatever node, oldest first */
    public record Thrown(UserStanding standing, List<OnlineSession> online) {
        public Thrown {
            online = List.copyOf(online);
        }
    }

    public ThrowOut(
            Users users,
            Sessions sessions,
            SessionDirectory directory,
            OtherNodes otherNodes,
            BlockingWork blocking,
            InstantSource clock) {
        this.users = users;
        this.sessions = sessions;
        this.directory = directory;
        this.otherNodes = otherNodes;
        this.blocking = blocking;
        this.clock = clock;
        this.lookedAtMillis = clock.millis();
    }

    /**
     * Ends the sessions of a user, who may come back unless the tokens are revoked.
     *
     * @param device {@code platform:name} of the only session that is meant, null = all
     * @param revoke whether tokens issued in this second or before are void from now on: those of the device, or all
     * @return empty where there is no such user
     */
    public CompletionStage<Optional<Thrown>> kick(String uid, String device, boolean revoke) {
        return blocking.submit(() -> {
            Optional<UserStanding> standing = revoke
                    ? change(uid, before -> before.revoke(device, clock.millis() / MILLIS_PER_SECOND))
                    : users.standing(uid);
            return standing.filter(found -> !found.isDeleted())
                    .map(found ->
                            end(uid, device, found, revoke ? CloseReason.TOKEN_REVOKED : CloseReason.BY_OPERATOR));
        });
    }

    /** Keeps a user out until {@link #enable}; doing it again is harmless. Empty where there is no such user. */
    public CompletionStage<Optional<Thrown>> disable(String uid) {
        return blocking.submit(() -> change(uid, before -> before.with(State.DISABLED))
                .filter(found -> !found.isDeleted())
                .map(found -> end(uid, null, found, CloseReason.USER_DISABLED)));
    }

    /** Lets a user in again; doing it again is harmless. Empty where there is no such user. */
    public CompletionStage<Optional<UserStanding>> enable(String uid) {
        return blocking.submit(
                () -> change(uid, before -> before.with(State.ACTIVE)).filter(found -> !found.isDeleted()));
    }

    /** For good: see {@link DeleteUser}. False where there never was such a user. */
    CompletionStage<Boolean> delete(String uid) {
        return blocking.submit(() -> {
            Optional<UserStanding> deleted = change(uid, before -> before.with(State.DELETED));
            deleted.ifPresent(standing -> end(uid, null, standing, CloseReason.USER_DELETED));
            return deleted.isPresent();
        });
    }

    private Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change) {
        return users.change(uid, change, clock.millis());
    }

    private Thrown end(String uid, String device, UserStanding standing, CloseReason why) {
        List<OnlineSession> online = directory.of(uid).stream()
                .filter(session -> device == null || session.device().device().equals(device))
                .toList();
        String only = device == null ? "" : device;
        sessions.endHere(uid, only, why);
        otherNodes.tell(new NodeNotice.EndSessions(uid, only, why));
        return new Thrown(standing, online);
    }

    /** Ends the sessions at this node that should not be there any more. Blocks. */
    public void look() {
        long now = clock.millis();
        for (String uid : users.changedSince(Math.min(lookedAtMillis, now) - OVERLAP_MILLIS, USERS_MAX)) {
            if (!directory.here(uid).isEmpty()) {
                users.standing(uid).ifPresent(standing -> endBarred(uid, standing));
            }
        }
        lookedAtMillis = now;
    }

    private void endBarred(String uid, UserStanding standing) {
        if (standing.isActive()) {
            sessions.endHere(
                    uid,
                    session -> standing.revokes(
                            session.device().device(), session.token().provenAt()),
                    CloseReason.TOKEN_REVOKED);
        } else {
            sessions.endHere(
                    uid, session -> true, standing.isDeleted() ? CloseReason.USER_DELETED : CloseReason.USER_DISABLED);
        }
    }
}
