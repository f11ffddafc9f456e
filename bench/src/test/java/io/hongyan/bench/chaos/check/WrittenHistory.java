package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;

/** A history written by hand: alice's phone and desk, bob's phone. Time passes by 10 ms per line. */
final class WrittenHistory {
    static final String ALICE_PHONE = "alice:android:a";
    static final String ALICE_DESK = "alice:linux:d";
    static final String BOB_PHONE = "bob:ios:b";

    private final List<HistoryEvent> events = new ArrayList<>();
    private long at;

    static WrittenHistory begun() {
        WrittenHistory history = new WrittenHistory();
        history.add(new HistoryEvent.Run(0, 1, 7, 1, List.of(ALICE_PHONE, ALICE_DESK, BOB_PHONE)));
        return history.connect(ALICE_PHONE, 1).connect(ALICE_DESK, 1).connect(BOB_PHONE, 1);
    }

    /** alice's phone writes m1 and m2, bob answers m3; everybody gets everything; nobody is disturbed. */
    static WrittenHistory ofThreeMessages() {
        return begun().send(ALICE_PHONE, 1, "bob", "m1")
                .send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .ack(ALICE_PHONE, 1, "m2", 2, 2)
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(BOB_PHONE, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(BOB_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .send(BOB_PHONE, 1, "alice", "m3")
                .ack(BOB_PHONE, 1, "m3", 3, 3)
                .receive(ALICE_PHONE, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .receive(ALICE_DESK, 1, 3, "bob", "ios:b", "alice", 3, "m3");
    }

    WrittenHistory endStateOfThreeMessages() {
        return quiet().logged(1, "alice", "bob", "m1")
                .logged(2, "alice", "bob", "m2")
                .logged(3, "bob", "alice", "m3")
                .filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "m2")
                .filedForBoth(3, "bob", "alice", "m3")
                .end();
    }

    WrittenHistory connect(String device, int connection) {
        return add(new HistoryEvent.Connect(tick(), device, connection, false));
    }

    WrittenHistory disconnect(String device, int connection) {
        return add(new HistoryEvent.Disconnect(tick(), device, connection, "cut"));
    }

    WrittenHistory send(String device, int connection, String to, String id) {
        return add(new HistoryEvent.Send(tick(), device, connection, to, id, "text of " + id));
    }

    WrittenHistory puback(String device, int connection, String id) {
        return add(new HistoryEvent.Ack(tick(), device, connection, id));
    }

    WrittenHistory answer(String device, int connection, String id, String code, long seq, long inboxSeq) {
        return add(new HistoryEvent.Answer(tick(), device, connection, id, code, seq, inboxSeq, 1_000 + seq));
    }

    /** PUBACK and SendAck. */
    WrittenHistory ack(String device, int connection, String id, long seq, long inboxSeq) {
        return puback(device, connection, id).answer(device, connection, id, "OK", seq, inboxSeq);
    }

    WrittenHistory receive(
            String device,
            int connection,
            long inboxSeq,
            String from,
            String fromDevice,
            String to,
            long seq,
            String id) {
        return add(new HistoryEvent.Receive(
                tick(), device, connection, inboxSeq, from, fromDevice, to, seq, id, "text of " + id));
    }

    WrittenHistory kill(int number) {
        return add(new HistoryEvent.Kill(tick(), number));
    }

    WrittenHistory quiet() {
        return add(new HistoryEvent.Quiet(tick(), true, ""));
    }

    WrittenHistory restless(String why) {
        return add(new HistoryEvent.Quiet(tick(), false, why));
    }

    WrittenHistory logged(long seq, String from, String to, String id) {
        return logged(seq, from, to, id, "text of " + id);
    }

    WrittenHistory logged(long seq, String from, String to, String id, String text) {
        return add(new HistoryEvent.Logged(tick(), "alice", from, deviceOf(from), to, seq, id, text));
    }

    WrittenHistory filed(String user, long inboxSeq, String from, String to, long seq, String id) {
        return add(new HistoryEvent.Filed(tick(), user, inboxSeq, from, deviceOf(from), to, seq, id));
    }

    /** In a conversation that is the users' only one, the number in it and in both inboxes is the same. */
    WrittenHistory filedForBoth(long seq, String from, String to, String id) {
        return filed("alice", seq, from, to, seq, id).filed("bob", seq, from, to, seq, id);
    }

    WrittenHistory end() {
        return add(new HistoryEvent.End(tick()));
    }

    WrittenHistory pass(long millis) {
        at += millis;
        return this;
    }

    List<HistoryEvent> events() {
        return events;
    }

    /** Judged with entries settled a second after they were acknowledged. */
    Verdict judged() {
        RunFacts facts = new RunFacts();
        events.forEach(facts::add);
        return new Checker(1_000).check(facts);
    }

    private static String deviceOf(String user) {
        return user.equals("alice") ? "android:a" : "ios:b";
    }

    private WrittenHistory add(HistoryEvent event) {
        events.add(event);
        return this;
    }

    private long tick() {
        return at += 10;
    }
}
