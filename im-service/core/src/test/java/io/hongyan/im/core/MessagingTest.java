package io.hongyan.im.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.ReadHistory;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The core as a whole: messages, inboxes, marks and lists. */
@Timeout(60)
final class MessagingTest extends MessagingOnOneThread {
    @Test
    void aMessageIsStoredAnsweredAndPushedToTheReceiverAndTheOtherDevicesOfTheSender() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession tablet = online("alice", Platform.WEB, "b");
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(send(alice, "m1")).isEqualTo(new SendOutcome.Stored(1, 1, now, 1));
        assertThat(clients.pushed(alice)).isEmpty();
        assertThat(clients.pushed(tablet)).containsExactly(1L);
        assertThat(clients.pushed(bob)).containsExactly(1L);
        now += 30;
        bob.acknowledged(1);
        assertThat(messaging
                        .messages()
                        .deliveryCounters()
                        .deliveryTimes
                        .snapshot()
                        .sumNanos())
                .isEqualTo(30_000_000);
    }

    @Test
    void aResendReturnsTheFirstAnswerAndIsNotPushedAgain() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        SendOutcome first = send(alice, "m1");
        now += SECOND;
        assertThat(send(alice, "m1")).isEqualTo(first);
        assertThat(clients.pushed(bob)).containsExactly(1L);
    }

    @Test
    void badMessagesAreRefused() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        assertThat(send(alice, "")).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "has space")).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "x".repeat(65))).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "m", new byte[0])).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "m", new byte[(64 << 10) + 1])).isEqualTo(new SendOutcome.Refused(Refusal.TOO_LARGE));
        assertThat(sendTo(alice, Conversation.direct("alice", "nobody"), "m", new byte[1]))
                .isEqualTo(new SendOutcome.Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(sendTo(alice, new Conversation(Conversation.Kind.GROUP, "g"), "m", new byte[1]))
                .isEqualTo(new SendOutcome.Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(send(alice, "x".repeat(64))).isInstanceOf(SendOutcome.Stored.class);
    }

    @Test
    void theBacklogComesFirstAndTheCursorSurvivesARestart() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        LongStream.rangeClosed(1, 3).forEach(i -> send(alice, "m" + i));
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(clients.pushed(bob)).containsExactly(1L, 2L, 3L);
        now += 60 * SECOND;
        bob.acknowledged(2);
        assertThat(messaging
                        .messages()
                        .deliveryCounters()
                        .deliveryTimes
                        .snapshot()
                        .count())
                .isZero();
        messaging.flush();
        messaging = start();
        ClientSession again = online("bob", Platform.IOS, "c");
        assertThat(clients.pushed(again)).containsExactly(3L);
    }

    @Test
    void aCursorThatIsNotWrittenYetCountsForTheNextConnection() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        bob.acknowledged(1);
        messaging.sessions().logins().close(bob);
        assertThat(clients.pushed(online("bob", Platform.IOS, "c"))).isEmpty();
    }

    @Test
    void aNewDeviceStartsAfterWhatAnyDeviceHasAcknowledged() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        send(alice, "m2");
        bob.acknowledged(1);
        assertThat(clients.pushed(online("bob", Platform.WEB, "new"))).containsExactly(2L);
    }

    @Test
    void anInboxAtQos0LeavesTheCursorWhereItIs() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        done(bob.startInbox(false));
        send(alice, "m1");
        bob.acknowledged(1);
        messaging.flush();
        assertThat(clients.pushed(online("bob", Platform.IOS, "c"))).containsExactly(1L);
    }

    @Test
    void anInboxThatIsStoppedIsNotPushedAndCanBeStartedAgain() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        bob.stopInbox();
        send(alice, "m1");
        assertThat(clients.pushed(bob)).isEmpty();
        done(bob.startInbox(true));
        assertThat(clients.pushed(bob)).containsExactly(1L);
    }

    @Test
    void pullingAcknowledgesWhatCameBeforeAndEndsWithAnEmptyPage() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        LongStream.rangeClosed(1, 5).forEach(i -> send(alice, "m" + i));
        assertThat(pull(bob, 0, 3)).containsExactly(1L, 2L, 3L);
        assertThat(pull(bob, 3, 3)).containsExactly(4L, 5L);
        assertThat(pull(bob, 5, 3)).isEmpty();
        assertThat(pull(bob, 0, 1)).containsExactly(1L);
        done(bob.startInbox(true));
        assertThat(clients.pushed(bob)).isEmpty();
    }

    @Test
    void whatAPullAcknowledgesIsMarkedDelivered() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        LongStream.rangeClosed(1, 3).forEach(i -> send(alice, "m" + i));
        pull(bob, 0, 2);
        assertThat(conversations("alice", 0).items().get(0).peer().deliveredSeq())
                .isZero();
        pull(bob, 2, 2);
        assertThat(conversations("alice", 0).items().get(0).peer().deliveredSeq())
                .isEqualTo(2);
        runTasks();
        assertThat(clients.of(alice)).contains(new Notice.Receipt("bob", CONVERSATION, 2, 0));
    }

    @Test
    void aPullBeyondTheHeadDoesNotMoveTheCursorThere() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        assertThat(pull(bob, 1_000, 3)).isEmpty();
        send(alice, "m1");
        assertThat(pull(bob, 0, 3)).containsExactly(1L);
        done(bob.startInbox(true));
        assertThat(clients.pushed(bob)).containsExactly(1L);
    }

    @Test
    void negativeNumbersInAPullAreRefused() {
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(done(messaging.sync().pullInbox().pull(bob.device(), -1, 3)))
                .isEqualTo(new Answer.Refused<InboxPage>(Refusal.MALFORMED));
        assertThat(done(messaging.sync().pullInbox().pull(bob.device(), 0, -3)))
                .isEqualTo(new Answer.Refused<InboxPage>(Refusal.MALFORMED));
    }

    /** Whatever number a client gives, it is told of nothing trimmed, and nothing fails. */
    @Test
    void theHighestNumbersAreNumbersLikeOthers() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        for (long highest : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L << 62, Integer.MAX_VALUE}) {
            assertThat(pull(bob, highest, 3)).isEmpty();
            assertThat(history(highest, 0, 2)).containsExactly(1L);
            assertThat(history(0, highest, 2)).isEmpty();
            assertThat(done(messaging.receipts().readReceipts().read("alice", CONVERSATION, highest)))
                    .isEqualTo(new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION));
            assertThat(done(messaging.sync().listConversations().list("bob", highest, "", 0)))
                    .isInstanceOfSatisfying(
                            Answer.Given.class,
                            given -> assertThat(given.value())
                                    .isInstanceOfSatisfying(
                                            ConversationList.Page.class,
                                            page -> assertThat(page.items()).isEmpty()));
            assertThat(markRead(bob, highest)).isEqualTo(new Answer.Given<>(1L));
        }
        assertThat(pull(bob, 0, Integer.MAX_VALUE)).containsExactly(1L);
    }

    @Test
    void aListOfConversationsWithLongMessagesComesInPages() {
        byte[] longest = new byte[MessagingLimits.DEFAULT.messages().contentBytesMax()];
        ClientSession bob = online("bob", Platform.IOS, "c");
        int conversations = 3 * MessagingLimits.DEFAULT.pages().pageBytesMax() / longest.length;
        for (int i = 0; i < conversations; i++) {
            online("u" + i, Platform.IOS, "c");
            sendTo(bob, Conversation.direct("bob", "u" + i), "m" + i, longest);
        }
        Set<Conversation> listed = new HashSet<>();
        String page = "";
        while (page != null) {
            ConversationList.Page given =
                    given(done(messaging.sync().listConversations().list("bob", 0, page, 0)));
            assertThat(given.items().stream()
                            .mapToLong(item -> item.last().content().length)
                            .sum())
                    .isPositive()
                    .isLessThanOrEqualTo(MessagingLimits.DEFAULT.pages().pageBytesMax());
            given.items().forEach(item -> listed.add(item.conversation()));
            page = given.next();
        }
        assertThat(listed).hasSize(conversations);
    }

    @Test
    void aPageThatNoAnswerHasNamedIsRefused() {
        online("bob", Platform.IOS, "c");
        for (String page : new String[] {"x", "-1", "+1", "\u0661", "1 ", "9".repeat(19), "9".repeat(500), "1.0"}) {
            assertThat(done(messaging.sync().listConversations().list("bob", 0, page, 0)))
                    .as(page)
                    .isEqualTo(new Answer.Refused<>(Refusal.MALFORMED));
        }
    }

    @Test
    void historyPagesBothWays() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        LongStream.rangeClosed(1, 5).forEach(i -> send(alice, "m" + i));
        assertThat(history(0, 0, 2)).containsExactly(4L, 5L);
        assertThat(history(4, 0, 2)).containsExactly(2L, 3L);
        assertThat(history(0, 1, 2)).containsExactly(2L, 3L);
        assertThat(done(messaging.sync().readHistory().read("alice", CONVERSATION, 1, 1, 0)))
                .isEqualTo(new Answer.Refused<ReadHistory.Page>(Refusal.MALFORMED));
    }

    @Test
    void aReadMarkReachesTheOwnDevicesAsAnEventAndTheOtherSideAsANotice() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        ClientSession web = online("bob", Platform.WEB, "d");
        send(alice, "m1");
        send(alice, "m2");
        bob.acknowledged(2);
        assertThat(markRead(bob, 99)).isEqualTo(new Answer.Given<>(2L));
        runTasks();
        assertThat(clients.of(alice)).contains(new Notice.Receipt("bob", CONVERSATION, 2, 2));
        assertThat(clients.of(web)).contains(new Entry.OfEvent(3, new Event.ReadUpTo(CONVERSATION, 2, 2)));
        assertThat(markRead(bob, 1)).isEqualTo(new Answer.Given<>(2L));
        runTasks();
        assertThat(clients.pushed(web)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void readMarksOfUnknownConversationsAndOfNothingAreRefused() {
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(markRead(bob, 1)).isEqualTo(new Answer.Refused<Long>(Refusal.UNKNOWN_CONVERSATION));
        assertThat(markRead(bob, 0)).isEqualTo(new Answer.Refused<Long>(Refusal.MALFORMED));
    }

    @Test
    void theConversationListShowsUnreadAndThePeersMarksBeforeTheyAreWritten() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        send(alice, "m2");
        bob.acknowledged(1);
        ConversationList.Item ofBob = conversations("bob", 0).items().get(0);
        assertThat(ofBob.headSeq() - ofBob.mine().readSeq()).isEqualTo(2);
        ConversationList.Page ofAlice = conversations("alice", 0);
        assertThat(ofAlice.items().get(0).peer().deliveredSeq()).isEqualTo(1);
        assertThat(ofAlice.items().get(0).mine().readSeq()).isEqualTo(2);
        assertThat(conversations("alice", ofAlice.inboxHead()).items()).isEmpty();
        send(alice, "m3");
        assertThat(conversations("alice", ofAlice.inboxHead()).items()).hasSize(1);
    }

    @Test
    void aTypingSignalReachesTheOnlineDevicesOfTheOtherSideOnly() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        messaging.sessions().sendSignal().send(new Notice.Typing("alice", CONVERSATION, true));
        assertThat(clients.of(bob)).containsExactly(new Notice.Typing("alice", CONVERSATION, true));
        assertThat(clients.of(alice)).isEmpty();
    }
}
