package io.hongyan.im.core.session;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** The directory of a single node, in memory. */
public final class LocalSessionDirectory implements SessionDirectory {
    private static final long MICROS_PER_MILLI = 1_000;

    private final Map<String, List<OnlineSession>> sessions = new ConcurrentHashMap<>();
    private final ReturnPauses pauses = new ReturnPauses();

    @Override
    public List<OnlineSession> claim(OnlineSession newcomer, int perClassMax) {
        List<OnlineSession> displaced = new ArrayList<>();
        sessions.compute(newcomer.device().uid(), (uid, present) -> {
            List<OnlineSession> staying = new ArrayList<>(present == null ? List.of() : present);
            displace(staying, newcomer, perClassMax, displaced);
            staying.add(newcomer);
            return List.copyOf(staying);
        });
        for (OnlineSession loser : displaced) {
            if (!loser.device().equals(newcomer.device())) {
                pauses.displaced(loser.device(), loser.tokenIssuedAt(), newcomer.loginAtMillis());
            }
        }
        return displaced;
    }

    @Override
    public long returning(DeviceKey device, long tokenIssuedAt, long nowMillis) {
        return pauses.returning(device, tokenIssuedAt, nowMillis);
    }

    private static void displace(
            List<OnlineSession> staying, OnlineSession newcomer, int perClassMax, List<OnlineSession> displaced) {
        staying.removeIf(old -> old.device().equals(newcomer.device()) && displaced.add(old));
        if (perClassMax == 0) {
            return;
        }
        PlatformClass crowded = newcomer.platform().platformClass();
        long tooMany = staying.stream()
                        .filter(old -> old.platform().platformClass() == crowded)
                        .count()
                - (perClassMax - 1);
        for (int i = 0; i < staying.size() && tooMany > 0; ) {
            if (staying.get(i).platform().platformClass() == crowded) {
                displaced.add(staying.remove(i));
                tooMany--;
            } else {
                i++;
            }
        }
    }

    @Override
    public List<OnlineSession> reclaim(OnlineSession earlier, int perClassMax, long stamp) {
        return reclaim(
                earlier,
                perClassMax,
                session -> session == earlier && stamp != 0 ? stamp : session.loginAtMillis() * MICROS_PER_MILLI);
    }

    @Override
    public long stamp(String uid, ConnectionKey connection) {
        return of(uid).stream()
                .filter(session -> session.connection().equals(connection))
                .mapToLong(session -> session.loginAtMillis() * MICROS_PER_MILLI)
                .findAny()
                .orElse(0);
    }

    /** @param stamps in whose order logins took place */
    public List<OnlineSession> reclaim(OnlineSession earlier, int perClassMax, ToLongFunction<OnlineSession> stamps) {
        List<OnlineSession> displaced = new ArrayList<>();
        sessions.compute(earlier.device().uid(), (uid, present) -> {
            List<OnlineSession> before = new ArrayList<>();
            List<OnlineSession> after = new ArrayList<>();
            for (OnlineSession session : present == null ? List.<OnlineSession>of() : present) {
                (stamps.applyAsLong(session) < stamps.applyAsLong(earlier) ? before : after).add(session);
            }
            displace(before, earlier, perClassMax, displaced);
            before.add(earlier);
            // Those of its kind that came later displace what is there now, one after the other.
            PlatformClass kind = earlier.platform().platformClass();
            for (OnlineSession later : after) {
                if (later.platform().platformClass() == kind) {
                    displace(before, later, perClassMax, displaced);
                }
                before.add(later);
            }
            return List.copyOf(before);
        });
        return displaced;
    }

    @Override
    public void release(String uid, ConnectionKey connection) {
        sessions.computeIfPresent(uid, (same, present) -> {
            List<OnlineSession> rest = present.stream()
                    .filter(session -> !session.connection().equals(connection))
                    .toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    @Override
    public void lastSeen(Collection<LastSeen> lastSeen) {
        for (LastSeen one : lastSeen) {
            sessions.computeIfPresent(
                    one.uid(),
                    (uid, present) -> present.stream()
                            .map(session -> session.connection().equals(one.connection())
                                    ? session.lastSeen(one.lastPacketAtMillis())
                                    : session)
                            .toList());
        }
    }

    @Override
    public List<OnlineSession> of(String uid) {
        return sessions.getOrDefault(uid, List.of());
    }

    @Override
    public Set<String> onlineElsewhere(Collection<String> uids) {
        return Set.of();
    }

    @Override
    public List<OnlineSession> here(String uid) {
        return of(uid);
    }
}
