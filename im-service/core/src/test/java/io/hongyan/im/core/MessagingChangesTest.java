package io.hongyan.im.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.ChangeCounter;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.send.MessageRules;
import io.hongyan.im.core.send.SendCounter;
import io.hongyan.im.core.send.SendCounters;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.simulation.PlainContents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Recalls, edits, reactions and pins by clients, through the whole core. */
@Timeout(60)
final class MessagingChangesTest extends MessagingOnOneThread {
    private static final Conversation GROUP = Conversation.group("large");
    private static final int MEMBERS = 400;

    private SendOutcome change(ClientSession from, Conversation in, String id, MessageChange.Asked change) {
        CompletionStage<SendOutcome> answer =
                messaging.messages().changeMessage().change(from.callOrigin(), from.device(), in, id, change);
        runLane();
        return done(answer);
    }

    private void runLane() {
        try {
            while (messaging.messages().lane().runOnce(0)) {
                // As long as anything waits.
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private StoredMessage read(String uid, Conversation in, long seq) {
        return given(done(messaging.sync().readHistory().read(uid, in, seq + 1, 0, 1)))
                .messages()
                .get(0);
    }

    @Test
    void aChangeComesToAllDevicesThatOfItsAuthorToo() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");

        assertThat(change(bob, CONVERSATION, "r1", new Reacted(1, "+1", false)))
                .isEqualTo(new SendOutcome.Stored(2, 1, now, 2));

        assertThat(clients.pushed(alice)).containsExactly(2L);
        assertThat(clients.pushed(bob)).containsExactly(1L, 2L);
        assertThat(change(bob, CONVERSATION, "r1", new Reacted(1, "+1", false)))
                .isEqualTo(new SendOutcome.Stored(2, 1, now, 2));
        assertThat(change(bob, CONVERSATION, "r2", new Reacted(1, "+1", false))).isEqualTo(new SendOutcome.Noted());
        assertThat(clients.pushed(alice)).containsExactly(2L);
    }

    @Test
    void whoAsksIsToldWhichReactionsAreOwn() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        change(bob, CONVERSATION, "r1", new Reacted(1, "+1", false));
        change(alice, CONVERSATION, "r2", new Reacted(1, "heart", false));

        assertThat(read("bob", CONVERSATION, 1).state().reactions())
                .containsExactly(new ReactionCount("+1", 1, true), new ReactionCount("heart", 1, false));
        assertThat(read("alice", CONVERSATION, 1).state().reactions())
                .containsExactly(new ReactionCount("+1", 1, false), new ReactionCount("heart", 1, true));
        send(alice, "m2");
        change(bob, CONVERSATION, "p1", new Pinned(4, true));
        assertThat(conversations("bob", 0).items().get(0).unread()).isZero();
        assertThat(conversations("alice", 0).items().get(0).headOrdinal()).isEqualTo(2);
    }

    @Test
    void badChangesAreRefused() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        send(alice, "m1");
        for (MessageChange.Asked change : List.of(
                new Recalled(0),
                new Recalled(-1),
                new Reacted(1, "", false),
                new Reacted(1, "é".repeat(33), false),
                new Edited(1, new byte[0], 0))) {
            assertThat(change(alice, CONVERSATION, "c", change)).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        }
        assertThat(change(alice, CONVERSATION, "", new Recalled(1)))
                .isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(change(alice, CONVERSATION, "c", new Edited(1, new byte[(64 << 10) + 1], 0)))
                .isEqualTo(new SendOutcome.Refused(Refusal.TOO_LARGE));
        assertThat(change(alice, Conversation.system("news", "alice"), "c", new Recalled(1)))
                .isEqualTo(new SendOutcome.Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(change(alice, CONVERSATION, "c", new Reacted(1, "é".repeat(32), false)))
                .isInstanceOf(SendOutcome.Stored.class);
    }

    @Test
    void whatIsDoneIsCounted() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        send(alice, "m1");
        change(alice, CONVERSATION, "c1", new Edited(1, new byte[] {'x'}, 0));
        change(alice, CONVERSATION, "c2", new Reacted(1, "+1", true));
        change(alice, CONVERSATION, "c3", new Pinned(1, true));
        change(alice, CONVERSATION, "c4", new Recalled(1));
        change(alice, CONVERSATION, "c5", new Edited(1, new byte[] {'y'}, 0));

        SendCounters counters = messaging.messages().counters();
        for (ChangeCounter once : List.of(
                ChangeCounter.EDITED,
                ChangeCounter.REACTED,
                ChangeCounter.PINNED,
                ChangeCounter.RECALLED,
                ChangeCounter.REFUSED_UNKNOWN_MESSAGE)) {
            assertThat(counters.changes().value(once)).as("%s", once).isEqualTo(1);
        }
        assertThat(counters.value(SendCounter.SENDS_NOTED)).isEqualTo(1);
        assertThat(counters.value(SendCounter.SENDS_REFUSED)).isEqualTo(1);
    }

    /** Whatever comes within a second is told with one entry. */
    @Test
    void reactionsOfALargeGroupAreToldOnceASecond() {
        List<ClientSession> members = largeGroup();
        long target = ((SendOutcome.Stored) sendTo(members.get(0), GROUP, "m1", new byte[10])).seq();
        for (ClientSession member : members) {
            assertThat(change(member, GROUP, "r-" + member.uid(), new Reacted(target, "+1", false)))
                    .isEqualTo(new SendOutcome.Noted());
        }
        assertThat(storage.head(GROUP)).isEqualTo(target);

        runTasks();
        runLane();
        runTasks();
        runLane();
        assertThat(storage.head(GROUP)).isEqualTo(target + 1);
        change(members.get(0), GROUP, "r", new Reacted(target, "+1", true));
        now += SECOND - 1;
        runTasks();
        runLane();
        assertThat(storage.head(GROUP)).isEqualTo(target + 1);
        now += 1;
        // Another process does what the one before had left.
        messaging = start();
        runTasks();
        runLane();

        assertThat(storage.head(GROUP)).isEqualTo(target + 2);
        assertThat(new PlainContents().changeIn(read("u1", GROUP, target + 2).content()))
                .isEqualTo(new MessageChange.ReactionsCounted(target, List.of(new ReactionCount("+1", MEMBERS - 1))));
        assertThat(read("u1", GROUP, target).state().reactions())
                .containsExactly(new ReactionCount("+1", MEMBERS - 1, true));
        runTasks();
        runLane();
        assertThat(storage.head(GROUP)).isEqualTo(target + 2);
    }

    private List<ClientSession> largeGroup() {
        List<ClientSession> members = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(login("u" + i, Platform.ANDROID, "a", true, 0).session());
            others.add("u" + i);
        }
        others.remove(0);
        CompletionStage<SendOutcome> created = messaging
                .groups()
                .changeGroup()
                .change(
                        new DeviceKey(SystemUser.UID, SystemUser.DEVICE),
                        GROUP.id(),
                        "create",
                        new GroupChange.Created("u0", "large", false, 0, others));
        runLane();
        assertThat(done(created)).isInstanceOf(SendOutcome.Stored.class);
        return members;
    }

    @Test
    void copiesThatARecallLeavesAreErasedByTheNextTasks() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        int answers = 2 * MessageRules.COPIES_AT_ONCE + 1;
        for (int i = 0; i < answers; i++) {
            byte[] content = PlainContents.answer(1, "secret", "a" + i);
            messaging.messages().sendMessage().send(bob.origin(), bob.device(), CONVERSATION, "a" + i, content, 1);
        }
        runLane();

        change(alice, CONVERSATION, "c1", new Recalled(1));

        assertThat(excerpts()).isEqualTo(answers - MessageRules.COPIES_AT_ONCE);
        assertThat(saysSecret(2)).as("the oldest answer").isTrue();
        assertThat(saysSecret(answers + 1L)).as("the newest").isFalse();
        runTasks();
        runLane();
        runTasks();
        runLane();
        assertThat(excerpts()).isZero();
        assertThat(storage.ports().changed().due(1, 1)).isEmpty();
        assertThat(storage.head(CONVERSATION)).isEqualTo(answers + 2L);
    }

    private boolean saysSecret(long seq) {
        StoredMessage entry = storage.read(CONVERSATION, seq - 1, seq + 1, false, 1, Integer.MAX_VALUE)
                .get(0);
        return new String(entry.content(), StandardCharsets.UTF_8).contains("secret");
    }

    private long excerpts() {
        return storage.read(CONVERSATION, 0, Long.MAX_VALUE, false, Integer.MAX_VALUE, Integer.MAX_VALUE).stream()
                .filter(message -> new String(message.content(), StandardCharsets.UTF_8).contains("secret"))
                .count();
    }
}
