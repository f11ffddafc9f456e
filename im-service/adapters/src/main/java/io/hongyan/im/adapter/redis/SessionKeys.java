package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.SessionText.Held;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.SessionDirectory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** The sessions of users in Redis: one key per user. Blocks; throws {@link RedisAwayException}. */
final class SessionKeys {
    private static final Script CLAIM = Script.named("claim");
    private static final Script RELEASE = Script.named("release");
    private static final Script HEARD = Script.named("heard");
    private static final Script RETURNING = Script.named("returning");
    private static final String NEW = "0";
    private static final String SESSION = "s:";
    private static final String LAST_PACKET = "h:";
    /** Before each displaced session: stamp, whether it stays, connection and json of the winner. */
    private static final int CLAIM_HEAD = 4;

    private final RedisLink link;
    private final String prefix;
    private final String node;
    private final long keptMillis;
    /** How far the clock of Redis is ahead of that of this node. */
    private volatile long differenceMillis;

    /**
     * A session with the values to enter it again.
     *
     * @param stamp orders sessions of a user; 0 = a new one; below 0: its absolute value is that of the login, unless
     *     the connection is there with one
     */
    record Claim(OnlineSession session, int perClassMax, long stamp) {}

    /** @see SessionDirectory#returning */
    long returning(DeviceKey device, long tokenIssuedAt, long nowMillis) {
        Object answer = link.call(
                1,
                redis -> RETURNING.run(
                        redis,
                        keys(device.uid()),
                        List.of(
                                device.device(),
                                Long.toString(tokenIssuedAt),
                                Long.toString(nowMillis + differenceMillis))));
        return Long.parseLong((String) answer);
    }

    /**
     * The result of a claim.
     *
     * @param winner the session that has displaced it, null if it stays
     * @param displaced by it, oldest first
     */
    record Claimed(long stamp, boolean stays, OnlineSession winner, List<OnlineSession> displaced) {}

    /** A session as read from Redis. */
    record Read(Held held, long stamp) {}

    /** @param keptMillis after which sessions that no node refreshes expire */
    SessionKeys(RedisLink link, String prefix, String node, long keptMillis) {
        this.link = link;
        this.prefix = prefix + ":sessions:";
        this.node = node;
        this.keptMillis = keptMillis;
    }

    void clockDifference(long millis) {
        differenceMillis = millis;
    }

    Claimed claim(Claim claim, List<String> liveNodes) {
        String uid = claim.session().device().uid();
        return claimed(uid, link.call(1, redis -> CLAIM.run(redis, keys(uid), claimArguments(claim, liveNodes))));
    }

    /** Many at once; one result for each, in order. */
    List<Claimed> claimAll(List<Claim> claims, List<String> liveNodes) {
        List<Object> answers = link.call(
                claims.size(),
                redis -> runAll(
                        redis,
                        CLAIM,
                        claims,
                        claim -> keys(claim.session().device().uid()),
                        claim -> claimArguments(claim, liveNodes)));
        List<Claimed> all = new ArrayList<>(claims.size());
        for (int i = 0; i < claims.size(); i++) {
            all.add(claimed(claims.get(i).session().device().uid(), answers.get(i)));
        }
        return all;
    }

    /** A connection of a user. */
    record Ended(String uid, ConnectionKey connection) {}

    void release(List<Ended> ended) {
        link.call(
                ended.size(),
                redis -> runAll(
                        redis,
                        RELEASE,
                        ended,
                        one -> keys(one.uid()),
                        one -> List.of(SessionText.connection(one.connection()), node)));
    }

    <H> void lastSeen(
            List<H> lastSeen,
            Function<H, String> uid,
            Function<H, ConnectionKey> connection,
            Function<H, Long> lastPacketAtMillis) {
        link.call(
                lastSeen.size(),
                redis -> runAll(
                        redis,
                        HEARD,
                        lastSeen,
                        one -> keys(uid.apply(one)),
                        one -> List.of(
                                SessionText.connection(connection.apply(one)),
                                Long.toString(lastPacketAtMillis.apply(one)))));
    }

    /** Oldest first; those of dead nodes too. */
    List<Read> of(String uid) {
        return read(uid, link.call(1, redis -> redis.hgetAll(key(uid))));
    }

    Map<String, List<Read>> ofAll(Collection<String> uids) {
        Map<String, Map<String, String>> fields = link.call(uids.size(), redis -> {
            Map<String, Response<Map<String, String>>> responses = new HashMap<>();
            try (AbstractPipeline pipeline = redis.pipelined()) {
                uids.forEach(uid -> responses.put(uid, pipeline.hgetAll(key(uid))));
                pipeline.sync();
            }
            Map<String, Map<String, String>> all = new HashMap<>();
            responses.forEach((uid, response) -> all.put(uid, response.get()));
            return all;
        });
        Map<String, List<Read>> all = new HashMap<>();
        fields.forEach((uid, ofUser) -> all.put(uid, read(uid, ofUser)));
        return all;
    }

    private static List<Read> read(String uid, Map<String, String> fields) {
        List<Read> sessions = new ArrayList<>();
        fields.forEach((field, value) -> {
            if (field.startsWith(SESSION)) {
                String connection = field.substring(SESSION.length());
                int bar = value.indexOf('|');
                long lastSeen = Long.parseLong(fields.getOrDefault(LAST_PACKET + connection, "0"));
                sessions.add(new Read(
                        SessionText.read(uid, connection, value.substring(bar + 1), lastSeen),
                        Long.parseLong(value.substring(0, bar))));
            }
        });
        sessions.sort(Comparator.comparingLong(Read::stamp));
        return sessions;
    }

    private static <T> List<Object> runAll(
            UnifiedJedis redis,
            Script script,
            List<T> items,
            Function<T, List<String>> keys,
            Function<T, List<String>> arguments) {
        List<Response<Object>> responses = new ArrayList<>(items.size());
        try (AbstractPipeline pipeline = redis.pipelined()) {
            for (T item : items) {
                responses.add(pipeline.evalsha(script.hash(), keys.apply(item), arguments.apply(item)));
            }
            pipeline.sync();
        }
        List<Object> answers = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            try {
                answers.add(responses.get(i).get());
            } catch (JedisNoScriptException unknown) {
                answers.add(script.run(redis, keys.apply(items.get(i)), arguments.apply(items.get(i))));
            }
        }
        return answers;
    }

    private List<String> claimArguments(Claim claim, List<String> liveNodes) {
        List<String> arguments = new ArrayList<>(6 + liveNodes.size());
        arguments.add(SessionText.connection(claim.session().connection()));
        arguments.add(SessionText.json(claim.session(), node));
        arguments.add(claim.stamp() == 0 ? NEW : Long.toString(claim.stamp()));
        arguments.add(Integer.toString(claim.perClassMax()));
        arguments.add(Long.toString(keptMillis));
        arguments.add(Long.toString(claim.session().loginAtMillis() + differenceMillis));
        arguments.addAll(liveNodes);
        return arguments;
    }

    private static Claimed claimed(String uid, Object reply) {
        List<?> answer = (List<?>) reply;
        List<OnlineSession> displaced = new ArrayList<>();
        for (int i = CLAIM_HEAD; i < answer.size(); i += 2) {
            displaced.add(session(uid, answer, i));
        }
        boolean stays = "1".equals(answer.get(1));
        return new Claimed(
                Long.parseLong((String) answer.get(0)), stays, stays ? null : session(uid, answer, 2), displaced);
    }

    private static OnlineSession session(String uid, List<?> answer, int at) {
        return SessionText.read(uid, (String) answer.get(at), (String) answer.get(at + 1), 0)
                .session();
    }

    private List<String> keys(String uid) {
        return List.of(key(uid));
    }

    private String key(String uid) {
        return prefix + uid;
    }
}
