package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link DataEpochs} promises: one epoch, which stays until another one begins in its place. */
public abstract class DataEpochsContract extends StorageContract {
    private DataEpochs epochs() {
        return storage().dataEpochs();
    }

    @Test
    void anEpochIsThereFromTheStartAndStays() {
        DataEpoch first = epochs().current();

        assertThat(first.id()).matches("[0-9a-f]{16}");
        storage().reopen();
        assertThat(epochs().current()).isEqualTo(first);
    }

    @Test
    void anotherOneIsDurableAndUnlikeAllBefore() {
        DataEpoch first = epochs().current();
        Set<String> ids = new HashSet<>(Set.of(first.id()));
        DataEpoch newest = first;
        for (int i = 0; i < 20; i++) {
            DataEpoch begun = epochs().begin(newest, NOW + i);
            assertThat(begun.id()).matches("[0-9a-f]{16}");
            assertThat(begun.sinceMillis()).isGreaterThan(newest.sinceMillis()).isGreaterThanOrEqualTo(NOW + i);
            assertThat(ids.add(begun.id())).isTrue();
            newest = begun;
        }

        storage().reopen();
        assertThat(epochs().current()).isEqualTo(newest);
    }

    @Test
    void whereTheClockWentBackItBeginsAfterTheOneBefore() {
        DataEpoch later = epochs().begin(epochs().current(), NOW + 1_000);

        assertThat(epochs().begin(later, NOW).sinceMillis()).isEqualTo(NOW + 1_001);
    }

    @Test
    void whoKnowsAnEarlierOneIsGivenTheOneThatIsThere() {
        DataEpoch first = epochs().current();
        DataEpoch second = epochs().begin(first, NOW);

        assertThat(epochs().begin(first, NOW + 1)).isEqualTo(second);
        assertThat(epochs().current()).isEqualTo(second);
    }

    @Test
    void theNewestNumberRisesWithWhatIsStoredAndOutlivesTheProcess() {
        users("alice", "bob");
        long before = epochs().newest();
        store("alice", "bob", "m1");
        // Where the feed is numbered behind the commit, its reader does that.
        storage().feed().feed().read(FeedPosition.START, FeedPosition.END, Partitions.all(), 100, ALL);
        long behindMessage = epochs().newest();
        assertThat(behindMessage).isGreaterThan(before);

        storage().feed().events().append(List.of(new EventDraft(NOW, new FeedBody.NodeStarted("node"))));
        storage().feed().feed().read(FeedPosition.START, FeedPosition.END, Partitions.all(), 100, ALL);
        long newest = epochs().newest();
        assertThat(newest).isGreaterThan(behindMessage);

        storage().reopen();
        assertThat(epochs().newest()).isEqualTo(newest);
    }

    @Test
    void ofManyWhoEndOneAtTheSameTimeAllGetTheSame() {
        DataEpoch first = epochs().current();
        List<CompletableFuture<DataEpoch>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> epochs().begin(first, NOW + i)))
                .toList();

        assertThat(all).extracting(CompletableFuture::join).containsOnly(epochs().current());
        assertThat(epochs().current()).isNotEqualTo(first);
    }
}
