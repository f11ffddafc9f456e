package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.GroupChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history written by hand: alice's phone and desk, bob's phone. Time passes by 10 ms per line. */
final class WrittenHistory {
    static final String ALICE_PHONE = "alice:android:a";
    static final String ALICE_DESK = "alice:linux:d";
    static final String BOB_PHONE = "bob:ios:b";

    static final String GROUP = "group:g";
    static final GroupChange CREATED = new GroupChange("created", List.of("alice"));
    static final GroupChange ADDED = new GroupChange("added", List.of("bob", "carol", "alice"));
    static final GroupChange REMOVED = new GroupChange("removed", List.of("bob", "dave"));

    static final GroupChange LARGE = new GroupChange("became_large", List.of());
    static final String BECAME_LARGE = "became-large";

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

    /**
     * Alice creates group g (1) and writes m1 (2); bob and carol, who has no device, join (3); alice writes m2 (4); bob
     * leaves (5); alice writes m3 (6).
     */
    static WrittenHistory ofGroup() {
        return begun().changed("c1", 1, CREATED)
                .receiveChange(ALICE_PHONE, 1, 1, "c1", CREATED)
                .receiveChange(ALICE_DESK, 1, 1, "c1", CREATED)
                .send(ALICE_PHONE, 1, GROUP, "m1")
                .ack(ALICE_PHONE, 1, "m1", 2, 2)
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", GROUP, 2, "m1")
                .changed("c2", 3, ADDED)
                .receiveChange(ALICE_PHONE, 3, 3, "c2", ADDED)
                .receiveChange(ALICE_DESK, 3, 3, "c2", ADDED)
                .receiveChange(BOB_PHONE, 1, 3, "c2", ADDED)
                .send(ALICE_PHONE, 1, GROUP, "m2")
                .ack(ALICE_PHONE, 1, "m2", 4, 4)
                .receive(ALICE_DESK, 1, 4, "alice", "android:a", GROUP, 4, "m2")
                .receive(BOB_PHONE, 1, 2, "alice", "android:a", GROUP, 4, "m2")
                .changed("c3", 5, REMOVED)
                .receiveChange(ALICE_PHONE, 5, 5, "c3", REMOVED)
                .receiveChange(ALICE_DESK, 5, 5, "c3", REMOVED)
                .receiveChange(BOB_PHONE, 3, 5, "c3", REMOVED)
                .send(ALICE_PHONE, 1, GROUP, "m3")
                .ack(ALICE_PHONE, 1, "m3", 6, 6)
                .receive(ALICE_DESK, 1, 6, "alice", "android:a", GROUP, 6, "m3");
    }

    /** A device gets an entry of group g in the group's own stream. */
    WrittenHistory streamed(String device, int connection, long seq, String from, String id) {
        return add(new HistoryEvent.ReceiveStream(
                tick(), device, connection, from, deviceOf(from), GROUP, seq, id, "text of " + id, null));
    }

    WrittenHistory streamedChange(String device, int connection, long seq, String id, GroupChange change) {
        return add(new HistoryEvent.ReceiveStream(
                tick(), device, connection, HistoryEvent.SYSTEM, "api", GROUP, seq, id, "", change));
    }

    WrittenHistory streamedOther(String device, int connection, long seq) {
        return add(new HistoryEvent.ReceiveStreamOther(tick(), device, connection, GROUP, seq));
    }

    WrittenHistory groupLog() {
        return loggedChange(1, "c1", CREATED)
                .logged(2, "alice", GROUP, "m1")
                .loggedChange(3, "c2", ADDED)
                .logged(4, "alice", GROUP, "m2")
                .loggedChange(5, "c3", REMOVED)
                .logged(6, "alice", GROUP, "m3");
    }

    WrittenHistory groupInboxes() {
        return inboxOfAlice()
                .inboxOfBob()
                .filed("carol", 1, HistoryEvent.SYSTEM, GROUP, 3, "c2")
                .filed("carol", 2, "alice", GROUP, 4, "m2")
                .filed("carol", 3, HistoryEvent.SYSTEM, GROUP, 5, "c3")
                .filed("carol", 4, "alice", GROUP, 6, "m3");
    }

    WrittenHistory inboxOfAlice() {
        return filed("alice", 1, HistoryEvent.SYSTEM, GROUP, 1, "c1")
                .filed("alice", 2, "alice", GROUP, 2, "m1")
                .filed("alice", 3, HistoryEvent.SYSTEM, GROUP, 3, "c2")
                .filed("alice", 4, "alice", GROUP, 4, "m2")
                .filed("alice", 5, HistoryEvent.SYSTEM, GROUP, 5, "c3")
                .filed("alice", 6, "alice", GROUP, 6, "m3");
    }

    WrittenHistory inboxOfBob() {
        return filed("bob", 1, HistoryEvent.SYSTEM, GROUP, 3, "c2")
                .filed("bob", 2, "alice", GROUP, 4, "m2")
                .filed("bob", 3, HistoryEvent.SYSTEM, GROUP, 5, "c3");
    }

    WrittenHistory connect(String device, int connection) {
        return add(new HistoryEvent.Connect(tick(), device, connection, false, null, at - 5));
    }

    /** All devices are connected to gates of a cluster: alice's to gate-1, bob's to gate-2; node-1 serves both. */
    static WrittenHistory begunInCluster() {
        WrittenHistory history = new WrittenHistory();
        history.add(new HistoryEvent.Run(0, 1, 7, 1, List.of(ALICE_PHONE, ALICE_DESK, BOB_PHONE)));
        return history.linkOpened("gate-1", "node-1")
                .linkOpened("gate-2", "node-1")
                .connectAt("gate-1", ALICE_PHONE, 1)
                .connectAt("gate-1", ALICE_DESK, 1)
                .connectAt("gate-2", BOB_PHONE, 1);
    }

    WrittenHistory connectAt(String gate, String device, int connection) {
        return add(new HistoryEvent.Connect(tick(), device, connection, false, gate, at - 5));
    }

    WrittenHistory fault(int number, String kind, String target) {
        return add(new HistoryEvent.Fault(tick(), number, kind, target, 1_000));
    }

    WrittenHistory healed(int number) {
        return add(new HistoryEvent.Healed(tick(), number));
    }

    WrittenHistory slotMoved(int number, int slot, long frozenMillis) {
        return add(new HistoryEvent.SlotMoved(tick(), number, slot, "main", "second", frozenMillis));
    }

    WrittenHistory linkOpened(String gate, String node) {
        return add(new HistoryEvent.LinkOpened(tick(), gate, node));
    }

    WrittenHistory linkClosed(String gate, String node) {
        return add(new HistoryEvent.LinkClosed(tick(), gate, node));
    }

    WrittenHistory calm() {
        return add(new HistoryEvent.Calm(tick()));
    }

    /** A device of a user of whom one may be online logs in, and is accepted. */
    WrittenHistory loggedIn(String device, int attempt, String gate) {
        return login(device, attempt, gate).online(device, attempt);
    }

    WrittenHistory login(String device, int attempt, String gate) {
        return add(new HistoryEvent.Login(tick(), device, attempt, gate));
    }

    WrittenHistory online(String device, int attempt) {
        return add(new HistoryEvent.Online(tick(), device, attempt));
    }

    WrittenHistory kicked(String device, int attempt) {
        return add(new HistoryEvent.Kicked(tick(), device, attempt));
    }

    WrittenHistory offline(String device, int attempt) {
        return add(new HistoryEvent.Offline(tick(), device, attempt, "CLOSED_BY_SERVER: end of stream"));
    }

    WrittenHistory closedHere(String device, int connection) {
        return add(new HistoryEvent.Disconnect(tick(), device, connection, "CLOSED_HERE: closed by this client"));
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
                tick(), device, connection, inboxSeq, from, fromDevice, to, seq, id, "text of " + id, null));
    }

    /** $system asks for a change of group g and is answered. */
    WrittenHistory changed(String id, long seq, GroupChange change) {
        return asked(id, change).answered(id, "OK", seq);
    }

    WrittenHistory asked(String id, GroupChange change) {
        return add(new HistoryEvent.Change(tick(), HistoryEvent.SYSTEM, GROUP, id, change));
    }

    WrittenHistory answered(String id, String code, long seq) {
        return add(new HistoryEvent.Changed(tick(), HistoryEvent.SYSTEM, GROUP, id, code, seq));
    }

    /** A device gets an entry of group g. */
    WrittenHistory receiveChange(String device, long inboxSeq, long seq, String id, GroupChange change) {
        return add(new HistoryEvent.Receive(
                tick(), device, 1, inboxSeq, HistoryEvent.SYSTEM, "api", GROUP, seq, id, "", change));
    }

    WrittenHistory loggedChange(long seq, String id, GroupChange change) {
        return add(new HistoryEvent.Logged(tick(), "alice", HistoryEvent.SYSTEM, "api", GROUP, seq, id, "", change));
    }

    /** The list of conversations of a user says of group g how far it goes, and how far the user has read it. */
    WrittenHistory listed(String user, long headSeq, long readSeq, long headOrdinal, long readOrdinal) {
        long unread = headOrdinal - readOrdinal;
        return add(new HistoryEvent.Listed(tick(), user, GROUP, headSeq, readSeq, headOrdinal, readOrdinal, unread));
    }

    WrittenHistory feedOpen() {
        return add(new HistoryEvent.FeedOpen(tick(), "http", "m0.e0"));
    }

    WrittenHistory feedOpen(String source) {
        return add(new HistoryEvent.FeedOpen(tick(), source, "m0.e0"));
    }

    WrittenHistory fedBy(String source, long seq, String from, String to, String id) {
        return add(new HistoryEvent.Fed(tick(), source, "direct:alice|bob", seq, from, to, id, "text of " + id, null));
    }

    WrittenHistory rocketMqKill(int number) {
        return add(new HistoryEvent.RocketMqKill(tick(), number, List.of("broker")));
    }

    WrittenHistory fed(String key, long seq, String from, String to, String id) {
        return add(new HistoryEvent.Fed(tick(), "http", key, seq, from, to, id, "text of " + id, null));
    }

    WrittenHistory fedText(long seq, String from, String to, String id, String text) {
        return add(new HistoryEvent.Fed(tick(), "http", "direct:alice|bob", seq, from, to, id, text, null));
    }

    WrittenHistory fedChange(long seq, String id, GroupChange change) {
        return add(new HistoryEvent.Fed(tick(), "http", GROUP, seq, HistoryEvent.SYSTEM, GROUP, id, "", change));
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
        return add(new HistoryEvent.Logged(tick(), "alice", from, deviceOf(from), to, seq, id, text, null));
    }

    /** A device gets an entry of alice and bob, whose inboxes have nothing else. */
    WrittenHistory receiveText(String device, long seq, String from, String to, long number, String id, String text) {
        return receiveText(device, 1, seq, from, to, number, id, text);
    }

    WrittenHistory receiveText(
            String device, int connection, long seq, String from, String to, long number, String id, String text) {
        return add(new HistoryEvent.Receive(
                tick(), device, connection, seq, from, deviceOf(from), to, number, id, text, null));
    }

    /** All devices get it. */
    WrittenHistory everywhere(long seq, String from, String to, String id, String text) {
        return receiveText(ALICE_PHONE, seq, from, to, seq, id, text)
                .receiveText(ALICE_DESK, seq, from, to, seq, id, text)
                .receiveText(BOB_PHONE, seq, from, to, seq, id, text);
    }

    WrittenHistory askChange(String device, String to, String id, String change) {
        return add(new HistoryEvent.AskChange(tick(), device, 1, to, id, change));
    }

    WrittenHistory changeAnswer(String device, String to, String id, String code, long seq) {
        return add(new HistoryEvent.ChangeAnswer(tick(), device, 1, to, id, code, seq));
    }

    /** What has become of a message of alice to bob. */
    WrittenHistory stated(long seq, long stateSeq, boolean edited, boolean recalled, Map<String, Integer> reactions) {
        return add(new HistoryEvent.Stated(
                tick(), "alice", "alice", "bob", seq, stateSeq, edited, recalled, false, reactions));
    }

    WrittenHistory filed(String user, long inboxSeq, String from, String to, long seq, String id) {
        return add(new HistoryEvent.Filed(tick(), user, inboxSeq, from, deviceOf(from), to, seq, id));
    }

    /** For a conversation that is the users' only one, the number in it and in both inboxes is the same. */
    WrittenHistory filedForBoth(long seq, String from, String to, String id) {
        return filed("alice", seq, from, to, seq, id).filed("bob", seq, from, to, seq, id);
    }

    WrittenHistory read(String device, int connection, String to, long seq) {
        return add(new HistoryEvent.Read(tick(), device, connection, to, seq));
    }

    WrittenHistory readAck(String device, int connection, String to, long seq) {
        return add(new HistoryEvent.ReadAck(tick(), device, connection, to, seq));
    }

    WrittenHistory ready(int kills) {
        return add(new HistoryEvent.Ready(tick(), kills));
    }

    /** The list of a user who has read all but what stands above a number in a conversation of messages only. */
    WrittenHistory listedUpTo(String user, String to, long headSeq, long readSeq) {
        return add(new HistoryEvent.Listed(tick(), user, to, headSeq, readSeq, headSeq, readSeq, headSeq - readSeq));
    }

    /** With all lists that were not written before: everything in them is read. */
    WrittenHistory end() {
        lists();
        return endWithoutLists();
    }

    WrittenHistory endWithoutLists() {
        return add(new HistoryEvent.End(tick()));
    }

    private void lists() {
        RunFacts facts = facts();
        Set<List<String>> known = new HashSet<>();
        facts.listed.forEach(one -> known.add(List.of(one.user(), MessageKey.conversation(one.user(), one.to()))));
        facts.inboxes.forEach((user, inbox) -> inbox.stream()
                .filter(entry -> entry.message() != null)
                .map(entry -> entry.message().key())
                .filter(key ->
                        !key.ofGroup() || facts.memberships(key.conversation()).isPresent(user))
                .map(MessageKey::conversation)
                .filter(conversation -> facts.logs.containsKey(conversation))
                .filter(conversation -> known.add(List.of(user, conversation)))
                .forEach(conversation -> list(user, conversation, facts.logs.get(conversation))));
    }

    private void list(String user, String conversation, List<RunFacts.LogEntry> log) {
        String to = conversation;
        if (!conversation.startsWith(HistoryEvent.GROUP)) {
            String[] users = conversation.split("\\|");
            to = users[0].equals(user) ? users[1] : users[0];
        }
        long head = log.stream().mapToLong(RunFacts.LogEntry::seq).max().orElse(0);
        long messages = log.stream().filter(RunFacts.LogEntry::isMessage).count();
        add(new HistoryEvent.Listed(at, user, to, head, head, messages, messages, 0));
    }

    WrittenHistory pass(long millis) {
        at += millis;
        return this;
    }

    List<HistoryEvent> events() {
        return events;
    }

    /** Checked with entries that settle a second after they were acknowledged. */
    Verdict judged() {
        return new Checker(1_000).check(facts());
    }

    RunFacts facts() {
        RunFacts facts = new RunFacts();
        events.forEach(facts::add);
        return facts;
    }

    private static String deviceOf(String user) {
        return switch (user) {
            case "alice" -> "android:a";
            case HistoryEvent.SYSTEM -> "api";
            default -> "ios:b";
        };
    }

    private WrittenHistory add(HistoryEvent event) {
        events.add(event);
        return this;
    }

    private long tick() {
        return at += 10;
    }
}
