package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who sends much large content waits for itself. */
@Timeout(60)
final class LaneTurnsTest {
    private static final int BATCH_BYTES = 800;
    /** An eighth of it. */
    private static final int PART_BYTES = 100;

    private final ProcessStall processStall = new ProcessStall(() -> 0, 3_000);
    private final SendCounters counters = new SendCounters();
    private final BatchLog log = new BatchLog();
    private final Lane lane = LaneTest.lane(
            log,
            new LaneLimits(1_000, 1_000_000, 1_000, BATCH_BYTES, 2, 10),
            millis -> {},
            counters,
            processStall,
            () -> {});
    private final SendOrigin origin = connection(1);

    @Test
    void othersWaitForOnePartOfWhatOneSenderHasWaiting() throws InterruptedException {
        send("mallory", 40, 50, origin);
        send("alice", 1, 10, connection(2));
        send("carol", 1, 10, connection(3));

        lane.runOnce(0);

        assertThat(log.batches.get(0))
                .as("two in order, two in a turn of hers")
                .containsExactly("mallory0", "mallory1", "mallory2", "mallory3", "alice0", "carol0");
        send("dave", 1, 10, connection(4));
        lane.runOnce(0);
        assertThat(log.batches.get(1)).containsExactly("mallory4", "mallory5", "dave0");
    }

    @Test
    void eachSendersOrderIsKeptAndNothingIsLost() throws InterruptedException {
        List<CompletableFuture<SendOutcome>> answers = new ArrayList<>();
        for (String sender : List.of("alice", "mallory", "carol", "dave")) {
            answers.addAll(send(sender, 30, 40, connection(sender.length())));
        }
        assertThat(lane.waiting()).isEqualTo(120);
        lane.runOnce(0);
        assertThat(lane.waiting()).isEqualTo(120 - log.batches.get(0).size());
        answers.addAll(send("erin", 3, 5, connection(9)));
        drain();

        List<String> stored = log.batches.stream().flatMap(List::stream).toList();
        assertThat(stored).hasSize(123).doesNotHaveDuplicates();
        for (String sender : List.of("alice", "mallory", "carol", "dave", "erin")) {
            List<String> own =
                    stored.stream().filter(id -> id.startsWith(sender)).toList();
            assertThat(own)
                    .isEqualTo(IntStream.range(0, own.size())
                            .mapToObj(i -> sender + i)
                            .toList());
        }
        assertThat(answers).allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
        assertThat(log.bytes).allMatch(bytes -> bytes <= BATCH_BYTES);
    }

    @Test
    void oneSenderAloneFillsNoMoreThanItsPartAfterTheFirst() throws InterruptedException {
        send("mallory", 20, 50, origin);
        drain();
        assertThat(log.bytes.get(0)).isEqualTo(2L * PART_BYTES);
        assertThat(log.bytes.subList(1, log.bytes.size())).allMatch(bytes -> bytes == PART_BYTES);
        assertThat(log.batches.stream().flatMap(List::stream)).hasSize(20);
    }

    @Test
    void aDraftLargerThanAPartIsStoredInItsTurn() throws InterruptedException {
        send("mallory", 3, 700, origin);
        send("alice", 1, 900, connection(2));
        drain();
        assertThat(log.batches)
                .containsExactly(List.of("mallory0"), List.of("mallory1"), List.of("alice0"), List.of("mallory2"));
    }

    @Test
    void whatWaitsOfAConnectionThatBrokeOffIsLeftOut() throws InterruptedException {
        List<CompletableFuture<SendOutcome>> lost = send("mallory", 20, 50, origin);
        send("mallory", 1, 10, connection(2));
        lane.runOnce(0);
        origin.breakOff();
        drain();
        assertThat(log.batches.stream().flatMap(List::stream)).hasSize(5);
        assertThat(lost.subList(4, 20)).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(lane.waiting()).isZero();
        assertThat(send("mallory", 20, 50, connection(3))).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void aRecallCountsWithWhatItMayErase() throws InterruptedException {
        recall("mallory", 3, origin);
        send("alice", 1, 10, connection(2));
        drain();
        assertThat(log.batches)
                .containsExactly(
                        List.of("mallory-recall0"),
                        List.of("mallory-recall1"),
                        List.of("alice0"),
                        List.of("mallory-recall2"));
    }

    @Test
    void whatRecallsHaveLeftHoldsUpNeitherWhatTheSystemSendsNorOthers() throws InterruptedException {
        erase(4);
        send(SystemUser.UID, 2, 10, SendOrigin.server());
        send("alice", 1, 10, connection(2));
        drain();
        assertThat(log.batches)
                .as("one in order, one in its turn, then the others")
                .containsExactly(
                        List.of("erase0"),
                        List.of("erase1"),
                        List.of(SystemUser.UID + 0, SystemUser.UID + 1, "alice0"),
                        List.of("erase2"),
                        List.of("erase3"));
    }

    @Test
    void whatRecallsHaveLeftIsNotHeldUpByOthers() throws InterruptedException {
        send("mallory", 8, 50, origin);
        send(SystemUser.UID, 4, 50, SendOrigin.server());
        erase(2);
        drain();
        assertThat(log.batches)
                .containsExactly(
                        List.of("mallory0", "mallory1", "mallory2", "mallory3", SystemUser.UID + 0, SystemUser.UID + 1),
                        List.of("erase0"),
                        List.of("mallory4", "mallory5", SystemUser.UID + 2, SystemUser.UID + 3),
                        List.of("erase1"),
                        List.of("mallory6", "mallory7"));
    }

    /** As {@link FinishChanges} asks for it. */
    private void erase(int count) {
        Conversation in = Conversation.direct("alice", "bob");
        for (int i = 0; i < count; i++) {
            lane.submit(
                    new Draft(
                            in,
                            SystemUser.UID,
                            SystemUser.DEVICE,
                            "erase" + i,
                            new byte[0],
                            null,
                            new MessageChange.CopiesErased(i + 1),
                            0),
                    SendOrigin.server());
        }
    }

    private void recall(String sender, int count, SendOrigin from) {
        for (int i = 0; i < count; i++) {
            MessageChange.Recalled change = new MessageChange.Recalled(i + 1);
            Conversation in = Conversation.direct(sender, "bob");
            lane.submit(new Draft(in, sender, "ios:x", sender + "-recall" + i, new byte[5], null, change, 0), from);
        }
    }

    private SendOrigin connection(int number) {
        return SendOrigin.of(new ConnectionKey("g", number), processStall.epoch());
    }

    private List<CompletableFuture<SendOutcome>> send(String sender, int count, int bytes, SendOrigin from) {
        return IntStream.range(0, count)
                .mapToObj(i -> lane.submit(
                                new Draft(
                                        Conversation.direct(sender, "bob"),
                                        sender,
                                        "ios:x",
                                        sender + i,
                                        new byte[bytes]),
                                from)
                        .toCompletableFuture())
                .toList();
    }

    private void drain() throws InterruptedException {
        while (lane.waiting() > 0) {
            lane.runOnce(0);
        }
    }

    /** Stores everything, and remembers what was in one transaction. */
    private static final class BatchLog implements MessageLog {
        final List<List<String>> batches = new ArrayList<>();
        final List<Long> bytes = new ArrayList<>();
        private long seq;

        @Override
        public List<Appended> append(List<Draft> batch, long nowMillis) {
            batches.add(batch.stream().map(Draft::clientMessageId).toList());
            bytes.add(batch.stream().mapToLong(draft -> draft.content().length).sum());
            return batch.stream().map(draft -> stored(draft, nowMillis)).toList();
        }

        private Appended stored(Draft draft, long nowMillis) {
            seq++;
            StoredMessage message = new StoredMessage(
                    draft.conversation(),
                    seq,
                    seq,
                    draft.sender(),
                    draft.senderDevice(),
                    draft.clientMessageId(),
                    nowMillis,
                    draft.content());
            return new Appended.Stored(message, List.of());
        }
    }
}
