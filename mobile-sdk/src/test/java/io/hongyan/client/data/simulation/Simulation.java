package io.hongyan.client.data.simulation;

import static io.hongyan.client.data.simulation.ServerData.CONVERSATIONS;
import static io.hongyan.client.data.simulation.ServerData.LARGE;
import static io.hongyan.client.data.simulation.ServerData.ME;

import io.hongyan.client.data.ConversationId;
import io.hongyan.client.data.ConversationRow;
import io.hongyan.client.data.MessageRow;
import io.hongyan.client.data.OutboxRow;
import io.hongyan.client.data.Phase;
import io.hongyan.client.data.SendState;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One run: some minutes in which everything goes wrong, then quiet, then everything must be as it should. */
final class Simulation {
    private static final long QUIET_MILLIS = 180_000;

    private final Timeline timeline = new Timeline();
    private final Random random;
    private final Faults faults;
    private final ModelServer server;
    private final SimulatedClient client;
    private final Checker checker;

    private Simulation(long seed, Breakage breakage) {
        random = new Random(seed);
        faults = new Faults(random);
        server = new ModelServer(timeline, random, faults);
        client = new SimulatedClient(server, breakage);
        checker = client.checker();
    }

    /** What came of a run. */
    record Outcome(List<String> violations, Checker.Counts counts) {}

    static Outcome run(long seed, int actions, Breakage breakage) {
        Simulation simulation = new Simulation(seed, breakage);
        simulation.run(actions);
        return new Outcome(List.copyOf(simulation.checker.violations()), simulation.checker.counts);
    }

    private void run(int actions) {
        for (int i = 0; i < actions && checker.violations().isEmpty(); i++) {
            act();
            timeline.runUntil(timeline.nowMillis() + random.nextInt(random.nextInt(6) == 0 ? 5_000 : 300));
            if (client.running() && i % 10 == 0) {
                checker.compareWith(client.store());
            }
        }
        faults.end();
        timeline.runUntil(timeline.nowMillis() + 20_000);
        // So that a number that was left out at the end is noticed.
        CONVERSATIONS.forEach(id -> server.othersWrite(id));
        timeline.runUntil(timeline.nowMillis() + QUIET_MILLIS);
        if (checker.violations().isEmpty()) {
            checkEverythingCame();
            lookAtEverything();
            checkEnd();
        }
    }

    private void act() {
        switch (random.nextInt(40)) {
            case 0 -> server.cut();
            case 1 -> client.kill();
            case 2 -> server.readElsewhere();
            case 3, 4 -> client.decide();
            case 5 -> client.look();
            case 6 -> rarely(server::trim);
            case 7 -> rarely(server::restore);
            case 8 -> server.backUp();
            case 9 -> rarely(server::kick);
            case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 -> client.send();
            default -> server.othersWrite();
        }
    }

    private void rarely(Runnable action) {
        if (random.nextInt(4) == 0) {
            action.run();
        }
    }

    /** What the inbox has had for the device is stored, without being looked for. */
    private void checkEverythingCame() {
        if (checker.phase() != Phase.READY) {
            checker.violated("not level after the quiet: " + checker.phase());
        }
        Map<ConversationId, Map<Long, MessageRow>> stored = stored();
        for (InboxEntry entry : server.data().inbox) {
            Message message = entry.getMessage();
            boolean direct = message.getTo().getId().equals(ME);
            ConversationId id = direct ? ConversationId.direct(message.getFrom()) : ConversationId.of(message.getTo());
            if (entry.hasMessage()
                    && entry.getSeq() > server.complete
                    && !stored.get(id).containsKey(message.getSeq())) {
                checker.violated("lost: " + id + "/" + message.getSeq() + ", " + entry.getSeq() + " of the inbox, from "
                        + server.complete);
            }
        }
        long cursor = client.store().open().meta().inbox().cursor();
        if (cursor != server.data().head()) {
            checker.violated(
                    "the cursor is " + cursor + ", the head " + server.data().head());
        }
        checker.outbox().forEach((id, state) -> {
            if (state != SendState.Kind.FAILED) {
                checker.violated("local " + id + " is still " + state);
            }
        });
        for (OutboxRow row : client.store().open().outbox()) {
            if (row.failure() == null) {
                checker.violated("still in the outbox: " + row);
            }
        }
    }

    private Map<ConversationId, Map<Long, MessageRow>> stored() {
        Map<ConversationId, Map<Long, MessageRow>> stored = new HashMap<>();
        for (ConversationId id : CONVERSATIONS) {
            Map<Long, MessageRow> rows = stored.computeIfAbsent(id, conversation -> new HashMap<>());
            client.store().read(id, Long.MAX_VALUE, Integer.MAX_VALUE).forEach(row -> rows.put(row.seq(), row));
        }
        return stored;
    }

    private void lookAtEverything() {
        for (ConversationId id : CONVERSATIONS) {
            long below = server.data().log(id).size() + 1;
            while (below > 1) {
                checker.takeLastHistory();
                client.lookAt(id, below, 50);
                timeline.runUntil(timeline.nowMillis() + 5_000);
                int read = checker.takeLastHistory();
                if (read <= 0) {
                    checker.violated("no history of " + id + " below " + below + ": " + read);
                    return;
                }
                below -= read;
            }
        }
    }

    private void checkEnd() {
        checker.compareWith(client.store());
        Map<ConversationId, Map<Long, MessageRow>> stored = stored();
        for (ConversationId id : CONVERSATIONS) {
            List<Message> log = server.data().log(id);
            if (stored.get(id).size() != log.size()) {
                checker.violated(id + ": stored " + stored.get(id).keySet() + " of " + log.size());
                return;
            }
            long newest = 0;
            for (Message message : log) {
                MessageRow row = stored.get(id).get(message.getSeq());
                if (!row.message().getContent().equals(message.getContent())
                        || row.message().getOrdinal() != message.getOrdinal()
                        || !row.message().getClientMessageId().equals(message.getClientMessageId())) {
                    checker.violated(row.message() + " is stored, not " + message);
                }
                boolean cancelled = checker.cancelled().contains(message.getClientMessageId());
                if (cancelled && message.getFromDevice().equals(SimulatedClient.DEVICE)) {
                    checker.violated(message + " was taken back");
                }
                boolean own = row.localId() != 0 && !checker.failedOnce(row.localId());
                if (own && row.localId() < newest) {
                    checker.violated(row + " stands after local " + newest);
                }
                newest = own ? row.localId() : newest;
            }
            checkNumbers(id, log.size());
        }
        checker.sentTo().forEach((localId, place) -> {
            boolean found = stored.values().stream()
                    .flatMap(rows -> rows.values().stream())
                    .anyMatch(row -> row.localId() == localId && (row.conversation() + "/" + row.seq()).equals(place));
            if (!found) {
                checker.violated("local " + localId + " is SENT and not in the log: " + place);
            }
        });
    }

    private void checkNumbers(ConversationId id, long head) {
        ConversationRow row = checker.conversation(id);
        long read = server.data().read.getOrDefault(id, 0L);
        if (row == null
                || !row.listed()
                || row.headSeq() != head
                || row.headOrdinal() != server.data().ordinal(id)
                || row.readOrdinal() != read) {
            checker.violated("known is " + row + ", not " + head + "/"
                    + server.data().ordinal(id) + " read " + read + (id.equals(LARGE) ? " of the large group" : ""));
        }
    }
}
