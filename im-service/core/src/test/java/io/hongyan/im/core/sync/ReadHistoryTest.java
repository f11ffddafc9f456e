package io.hongyan.im.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.simulation.InMemoryStorage;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
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
                    Object stretches = method.invoke(storage.groups(), given);
                    append(new MembersRemoved(List.of("bob")));
                    append(null);
                    return stretches;
                });
        ReadHistory history =
                new ReadHistory(storage.history(), interrupted, new BlockingWork(Runnable::run), SyncLimits.DEFAULT);

        Answer<ReadHistory.Page> answer =
                history.read("bob", GROUP, 0, 0, 0).toCompletableFuture().join();

        ReadHistory.Page page = ((Answer.Given<ReadHistory.Page>) answer).value();
        assertThat(page.messages()).extracting(StoredMessage::seq).containsExactly(1L);
        assertThat(page.headSeq()).isEqualTo(1);
    }

    private void append(GroupChange change) {
        storage.log().append(List.of(new Draft(GROUP, "ann", "ios:x", "m" + ++drafts, new byte[1], change)), 5);
    }
}
