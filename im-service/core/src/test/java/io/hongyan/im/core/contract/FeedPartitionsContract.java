package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.FeedPartitions;
import io.hongyan.im.core.feed.FeedPartitions.Held;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link FeedPartitions} promises: one holder at a time, and nothing from an earlier one. */
public abstract class FeedPartitionsContract extends StorageContract {
    @Test
    void whatNobodyHoldsIsClaimedFromTheStart() {
        List<Held> held = claim("one", NOW, NOW + 100);

        assertThat(held).hasSize(Partitions.COUNT);
        assertThat(held).extracting(Held::partition).doesNotHaveDuplicates();
        assertThat(held).extracting(Held::position).containsOnly(FeedPosition.START);
    }

    @Test
    void onlyWantedPartitionsAreClaimed() {
        BitSet wanted = new BitSet();
        wanted.set(3);
        wanted.set(15);

        assertThat(partitions().claim("one", wanted, NOW, NOW + 100))
                .extracting(Held::partition)
                .containsExactly(3, 15);
        assertThat(claim("two", NOW, NOW + 100)).hasSize(14);
    }

    @Test
    void whatIsHeldIsNotClaimedBeforeTheLeaseIsOver() {
        List<Held> first = claim("one", NOW, NOW + 100);

        assertThat(claim("two", NOW + 99, NOW + 200)).isEmpty();
        List<Held> second = claim("two", NOW + 100, NOW + 200);

        assertThat(second).hasSize(Partitions.COUNT);
        assertThat(second.get(0).fence()).isGreaterThan(first.get(0).fence());
    }

    @Test
    void aRenewedLeaseLastsLonger() {
        List<Held> held = claim("one", NOW, NOW + 100);

        assertThat(partitions().renew(held, NOW + 200)).isEqualTo(Partitions.all());

        assertThat(claim("two", NOW + 150, NOW + 300)).isEmpty();
        assertThat(claim("two", NOW + 200, NOW + 300)).hasSize(Partitions.COUNT);
        assertThat(partitions().renew(held, NOW + 400).isEmpty()).isTrue();
    }

    @Test
    void theSameHolderMayTakeItsOwnAgain() {
        List<Held> first = claim("one", NOW, NOW + 100);

        List<Held> second = claim("one", NOW + 1, NOW + 100);

        assertThat(second).hasSize(Partitions.COUNT);
        assertThat(partitions().moveTo(List.of(at(first.get(2), 5, 5))).get(2)).isTrue();
        assertThat(partitions().moveTo(List.of(at(second.get(2), 5, 5))).isEmpty())
                .isTrue();
    }

    @Test
    void positionsAreKeptOverRestartsAndNeverGoBack() {
        List<Held> held = claim("one", NOW, NOW + 100);
        partitions().moveTo(List.of(at(held.get(4), 7, 9)));
        partitions().moveTo(List.of(at(held.get(4), 6, 10)));
        storage().reopen();

        List<Held> later = claim("two", NOW + 100, NOW + 200);

        assertThat(later.get(4).position()).isEqualTo(new FeedPosition(7, 10));
        assertThat(later.get(5).position()).isEqualTo(FeedPosition.START);
    }

    @Test
    void whatComesUnderAnOlderFenceIsRefused() {
        Held stale = claim("one", NOW, NOW + 100).get(1);
        Held fresh = claim("two", NOW + 100, NOW + 200).get(1);
        partitions().moveTo(List.of(at(fresh, 3, 3)));

        BitSet refused = partitions().moveTo(List.of(at(stale, 50, 50)));

        assertThat(refused.get(1)).isTrue();
        assertThat(refused.cardinality()).isEqualTo(1);
        partitions().release(List.of(stale));
        assertThat(claim("three", NOW + 150, NOW + 300)).isEmpty();
        assertThat(claim("three", NOW + 200, NOW + 300).get(1).position()).isEqualTo(new FeedPosition(3, 3));
    }

    @Test
    void whatIsGivenBackIsFreeAtOnce() {
        List<Held> held = claim("one", NOW, NOW + 100);
        partitions().release(held);

        assertThat(partitions().renew(held, NOW + 200).isEmpty()).isTrue();
        assertThat(partitions().moveTo(List.of(at(held.get(0), 1, 1))).get(0)).isTrue();
        assertThat(claim("two", NOW + 1, NOW + 100)).hasSize(Partitions.COUNT);
    }

    @Test
    void nothingAskedIsNothingDone() {
        assertThat(partitions().renew(List.of(), NOW).isEmpty()).isTrue();
        assertThat(partitions().moveTo(List.of()).isEmpty()).isTrue();
        partitions().release(List.of());
        assertThat(claim("one", NOW, NOW + 1)).hasSize(Partitions.COUNT);
    }

    private static Held at(Held held, long message, long event) {
        return new Held(held.partition(), new FeedPosition(message, event), held.fence());
    }

    private List<Held> claim(String holder, long now, long until) {
        return partitions().claim(holder, Partitions.all(), now, until);
    }

    private FeedPartitions partitions() {
        return storage().feed().partitions();
    }
}
