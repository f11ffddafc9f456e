package io.hongyan.im.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.group.ReadRights;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.simulation.InMemoryStorage;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReadHistoryTest {
    private static final Conversation GROUP = Conversation.group("g");

    private final Storage storage = new InMemoryStorage().ports();
    private int drafts;

    @Test
    void whatIsStoredAfterARemovalIsNotGivenThoughTheRemovalComesInTheMiddleOfReading() {
        storage.users().ensure("ann");
        storage.users().ensure("bob");
        append(new Created("ann", "name", true, 0, List.of("bob")));
        Groups interrupted = (Groups) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Groups.class}, (self, method, given) -> {
                    Object membershipIntervals = method.invoke(storage.groups(), given);
                    append(new MembersRemoved(List.of("bob")));
                    append(null);
                    return membershipIntervals;
                });
        ReadHistory history = new ReadHistory(
                storage.history(),
                new OwnReactions(storage.changed()),
                ReadRights.by(interrupted),
                new BlockingWork(Runnable::run),
                PageLimits.DEFAULT);

        Answer<ReadHistory.Page> answer =
                history.read("bob", GROUP, 0, 0, 0).toCompletableFuture().join();

        ReadHistory.Page page = ((Answer.Given<ReadHistory.Page>) answer).value();
        assertThat(page.messages()).extracting(StoredMessage::seq).containsExactly(1L);
        assertThat(page.headSeq()).isEqualTo(1);
    }

    /** A page that is cut by its bytes goes on where it was cut, not with another membership. */
    @Test
    void pagesThatAreCutByBytesLeaveNothingOutBetweenMemberships() {
        storage.users().ensure("ann");
        storage.users().ensure("bob");
        append(new Created("ann", "name", true, 0, List.of("bob")));
        List<Long> readable = new ArrayList<>(List.of(1L));
        long seq = 1;
        for (int membership = 0; membership < 4; membership++) {
            if (membership > 0) {
                append(new MembersAdded(List.of("bob")));
                readable.add(++seq);
            }
            for (int i = 0; i < 5; i++) {
                append(null, 30 + 37 * i % 70);
                readable.add(++seq);
            }
            append(new MembersRemoved(List.of("bob")));
            readable.add(++seq);
            append(null, 90);
            seq++;
        }
        int bytesMax = 160;
        ReadHistory history = new ReadHistory(
                storage.history(),
                new OwnReactions(storage.changed()),
                ReadRights.by(storage.groups()),
                new BlockingWork(Runnable::run),
                new PageLimits(500, 100, bytesMax));
        for (boolean backwards : new boolean[] {true, false}) {
            List<Long> read = new ArrayList<>();
            long at = 0;
            while (true) {
                Answer<ReadHistory.Page> answer = history.read(
                                "bob", GROUP, backwards ? at : 0, backwards ? 0 : Math.max(at, 0), 0)
                        .toCompletableFuture()
                        .join();
                List<StoredMessage> page =
                        ((Answer.Given<ReadHistory.Page>) answer).value().messages();
                if (!backwards && at == 0) {
                    // Neither before nor after is the newest page: forwards it begins after the first entry.
                    read.add(1L);
                    at = 1;
                    continue;
                }
                if (page.isEmpty()) {
                    break;
                }
                int bytes = page.stream()
                        .mapToInt(message -> message.content().length)
                        .sum();
                assertThat(page.size() == 1 || bytes <= bytesMax)
                        .as("%d bytes", bytes)
                        .isTrue();
                List<Long> seqs = page.stream().map(StoredMessage::seq).toList();
                read.addAll(backwards ? 0 : read.size(), seqs);
                at = backwards ? seqs.get(0) : seqs.get(seqs.size() - 1);
            }
            assertThat(read).isEqualTo(readable);
        }
    }

    private void append(GroupChange change) {
        append(change, 1);
    }

    private void append(GroupChange change, int bytes) {
        storage.log().append(List.of(new Draft(GROUP, "ann", "ios:x", "m" + ++drafts, new byte[bytes], change)), 5);
    }
}
