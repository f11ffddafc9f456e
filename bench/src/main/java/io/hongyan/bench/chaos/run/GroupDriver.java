package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.GroupChange;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.ApiClient.Answer;
import io.hongyan.bench.server.ApiClient.Request;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Lets users join and leave groups over HTTP: repeats a request under the same key until the answer is clear, and
 * sometimes once more afterwards. One of several, each on its own thread.
 */
final class GroupDriver {
    private static final long PAUSE_MILLIS_MAX = 200;
    private static final long AGAIN_MILLIS = 100;
    private static final double REPEAT_PART = 0.05;
    private static final int SERVER_ERRORS = 500;
    private static final int TOO_MANY = 429;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String name;
    private final List<ChaosGroup> groups;
    private final ApiClient api;
    private final UnaryOperator<String> token;
    private final Journal journal;
    private final RandomGenerator random;
    private final BenchTime time;
    /** The members as far as all drivers know, so that most changes change something. */
    private final Map<String, Set<String>> present;
    /** Groups that this driver makes large. */
    private final Deque<ChaosGroup> toGrow = new ArrayDeque<>();

    private long growAtMillis;
    private volatile boolean stopping;
    private volatile String complaint;
    private int asked;

    /** @param present shared by all drivers */
    GroupDriver(
            String name,
            List<ChaosGroup> groups,
            ApiClient api,
            UnaryOperator<String> token,
            Journal journal,
            RandomGenerator random,
            Map<String, Set<String>> present,
            BenchTime time) {
        this.name = name;
        this.groups = groups;
        this.api = api;
        this.token = token;
        this.journal = journal;
        this.random = random;
        this.present = present;
        this.time = time;
    }

    private record Wish(ChaosGroup group, String actor, GroupChange change, Request request) {}

    /** Creates users and groups. */
    void prepare() {
        Set<String> users = new HashSet<>();
        groups.forEach(group -> users.addAll(group.everybody()));
        for (String uid : users) {
            Answer answer = settle(Request.post("/v1/users", JSON.objectNode().put("uid", uid)));
            if (!answer.good()) {
                throw new IllegalStateException("the server did not make the user " + uid + ": " + answer);
            }
        }
        for (ChaosGroup group : groups) {
            Answer answer = ask(creation(group));
            if (!answer.good()) {
                throw new IllegalStateException("the server did not make the group " + group.id() + ": " + answer);
            }
            present.computeIfAbsent(group.id(), g -> ConcurrentHashMap.newKeySet())
                    .addAll(group.members());
        }
    }

    /** Only this driver adds the newcomers of the groups, at this time of the run. */
    void growAt(long millis) {
        growAtMillis = millis;
        groups.stream().filter(group -> !group.newcomers().isEmpty()).forEach(toGrow::add);
    }

    /** Sends changes until it is stopped. */
    void run() {
        while (!stopping && complaint == null) {
            if (!toGrow.isEmpty() && journal.millis() >= growAtMillis) {
                ChaosGroup group = toGrow.remove();
                ask(addition(group, group.newcomers()));
            }
            ask(draw());
            time.pause(1 + random.nextLong(PAUSE_MILLIS_MAX));
        }
    }

    /** No new changes; the pending one is completed. */
    void stop() {
        stopping = true;
    }

    /** An answer that no server may give, or null. */
    String complaint() {
        return complaint;
    }

    private Wish draw() {
        ChaosGroup group = groups.get(random.nextInt(groups.size()));
        String uid = group.wanderers().get(random.nextInt(group.wanderers().size()));
        boolean in = present.get(group.id()).contains(uid);
        // Sometimes against its own knowledge: another driver may have been faster, and refusals are tested too.
        boolean leaves = random.nextInt(10) == 0 ? !in : in;
        boolean byThemselves = random.nextBoolean();
        String path = "/v1/groups/" + group.id();
        if (byThemselves) {
            String kind = leaves ? "left" : "joined";
            Request request =
                    Request.post(path + (leaves ? "/leave" : "/join"), null).as(token.apply(uid));
            return new Wish(group, uid, new GroupChange(kind, List.of(uid)), request);
        }
        if (leaves) {
            GroupChange change = new GroupChange("removed", List.of(uid));
            return new Wish(group, HistoryEvent.SYSTEM, change, Request.delete(path + "/members/" + uid));
        }
        List<String> uids = new ArrayList<>(List.of(uid));
        String other = group.wanderers().get(random.nextInt(group.wanderers().size()));
        if (!other.equals(uid)) {
            uids.add(other);
        }
        return addition(group, uids);
    }

    private static Wish addition(ChaosGroup group, List<String> uids) {
        ObjectNode body = JSON.objectNode();
        body.set("uids", array(uids));
        return new Wish(
                group,
                HistoryEvent.SYSTEM,
                new GroupChange("added", List.copyOf(uids)),
                Request.post("/v1/groups/" + group.id() + "/members", body));
    }

    private static Wish creation(ChaosGroup group) {
        ObjectNode body = JSON.objectNode()
                .put("id", group.id())
                .put("name", "The group " + group.id())
                .put("owner", group.owner())
                .put("open", true);
        body.set("members", array(group.members()));
        List<String> all = new ArrayList<>(List.of(group.owner()));
        all.addAll(group.members());
        GroupChange change = new GroupChange("created", List.copyOf(all));
        return new Wish(group, HistoryEvent.SYSTEM, change, Request.post("/v1/groups", body));
    }

    private static ArrayNode array(List<String> uids) {
        ArrayNode array = JSON.arrayNode();
        uids.forEach(array::add);
        return array;
    }

    private Answer ask(Wish wish) {
        String id = name + '-' + ++asked;
        Answer answer = ask(wish, id);
        if (random.nextDouble() < REPEAT_PART && answer.good()) {
            ask(wish, id);
        }
        return answer;
    }

    private Answer ask(Wish wish, String id) {
        String group = wish.group().address();
        journal.write(at -> new HistoryEvent.Change(at, wish.actor(), group, id, wish.change()));
        Answer answer = settle(wish.request().once(id));
        String code = answer.good() ? "OK" : answer.body().path("code").asText();
        long seq = answer.body().path("seq").asLong();
        if (code.isEmpty() || (answer.good() && seq == 0)) {
            complaint = "the server answered " + answer + " to " + wish.change();
            return answer;
        }
        journal.write(at -> new HistoryEvent.Changed(at, wish.actor(), group, id, code, seq));
        remember(wish, answer.good());
        return answer;
    }

    private void remember(Wish wish, boolean done) {
        Set<String> members = present.computeIfAbsent(wish.group().id(), g -> ConcurrentHashMap.newKeySet());
        boolean comes = Set.of("added", "joined").contains(wish.change().kind());
        for (String uid : wish.change().uids()) {
            // A refusal shows that the opposite is true.
            if (comes == done) {
                members.add(uid);
            } else {
                members.remove(uid);
            }
        }
    }

    /** Repeats the request until there is a clear answer. */
    private Answer settle(Request request) {
        while (true) {
            try {
                Answer answer = api.ask(request);
                if (answer.status() < SERVER_ERRORS && answer.status() != TOO_MANY) {
                    return answer;
                }
            } catch (IOException e) {
                // The server is down, or was killed while it answered.
            }
            time.pause(AGAIN_MILLIS);
        }
    }
}
