package io.hongyan.bench;

import static io.hongyan.bench.ServerState.NOT_READ;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairFigures.LoadSums;
import io.hongyan.bench.load.Timeline;
import io.hongyan.bench.server.Usage;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HostileVerdictTest {
    @Test
    void everythingSentAcknowledgedAndDeliveredOnceIsNoLoss() {
        assertThat(HostileVerdict.losses(figures(100, 100, 100, 1))).isEmpty();
    }

    @Test
    void aServerThatStopsAcknowledgingLosesWhatItDoesNotAcknowledge() {
        assertThat(HostileVerdict.losses(figures(100, 40, 40, 1)))
                .containsExactly("60 messages were never delivered", "60 messages were never acknowledged");
        assertThat(HostileVerdict.losses(figures(100, 40, 100, 1)))
                .containsExactly("60 messages were never acknowledged");
        assertThat(HostileVerdict.losses(figures(0, 0, 0, 1))).containsExactly("nothing was sent");
    }

    @Test
    void moreThanTwiceTheUndisturbedTimeIsADelayAndSoIsNoTimeAtAll() {
        PairFigures undisturbed = figures(100, 100, 100, 10);
        assertThat(HostileVerdict.delays(undisturbed, figures(100, 100, 100, 19)))
                .isEmpty();
        assertThat(HostileVerdict.delays(undisturbed, figures(100, 100, 100, 30)))
                .hasSize(2);
        assertThat(HostileVerdict.delays(undisturbed, figures(100, 0, 0, 1))).hasSize(2);
    }

    @Test
    void whatRisesToALevelAndStaysThereIsFlat() {
        List<ServerState> minutes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            long heap = i < 6 ? i * 10 : 60 + i % 3;
            minutes.add(state(heap, 40, 50, i * 3_000L));
        }
        assertThat(Steadiness.faults(minutes)).isEmpty();
    }

    @Test
    void whatGrowsMinuteByMinuteIsToldOneByOne() {
        List<ServerState> heap = new ArrayList<>();
        List<ServerState> direct = new ArrayList<>();
        List<ServerState> threads = new ArrayList<>();
        List<ServerState> log = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            heap.add(state(20 + 4 * i, 40, 50, 0));
            direct.add(state(20, 40 + 4 * i, 50, 0));
            threads.add(state(20, 40, 50 + 2 * i, 0));
            log.add(state(20, 40, 50, i * 100_000L));
        }
        assertThat(Steadiness.faults(heap)).singleElement().asString().startsWith("live heap: ");
        assertThat(Steadiness.faults(direct)).singleElement().asString().startsWith("direct memory: ");
        assertThat(Steadiness.faults(threads)).singleElement().asString().startsWith("threads: ");
        assertThat(Steadiness.faults(log)).containsExactly("log: 100000 bytes a minute");
        assertThat(Steadiness.faults(heap.subList(0, 4))).hasSize(1);
    }

    @Test
    void theLiveHeapIsJudgedByTheMinutesInWhichItWasRead() {
        List<ServerState> grows = new ArrayList<>();
        List<ServerState> flat = new ArrayList<>();
        List<ServerState> readOnce = new ArrayList<>();
        for (int minute = 1; minute <= 10; minute++) {
            boolean read = minute % 3 == 0;
            grows.add(heap(read ? 30 + 5 * minute : NOT_READ));
            flat.add(heap(read ? 30 : NOT_READ));
            readOnce.add(heap(minute == 6 ? 30 : NOT_READ));
        }
        assertThat(Steadiness.faults(grows)).singleElement().asString().startsWith("live heap: 45,");
        assertThat(Steadiness.faults(flat)).isEmpty();
        assertThat(Steadiness.faults(readOnce)).containsExactly("only 1 samples of the live heap");
    }

    private static ServerState heap(long mega) {
        long bytes = mega == NOT_READ ? NOT_READ : mega * 1_000_000;
        return new ServerState(bytes, 40_000_000, 50, 1_100, 0, 1_000, 0);
    }

    private static ServerState state(long heapMega, long directMega, long threads, long logBytes) {
        return new ServerState(heapMega * 1_000_000, directMega * 1_000_000, threads, 1_100, 0, 1_000, logBytes);
    }

    private static PairFigures figures(long sent, long acknowledged, long received, long millis) {
        Histogram times = new Histogram(3);
        if (acknowledged > 0) {
            times.recordValue(millis * 1_000_000);
        }
        LoadSums sums = new LoadSums(
                sent,
                acknowledged,
                received,
                acknowledged,
                received,
                new PairFigures.Faults(0, 0, 0, 0, 0),
                new PairFigures.Times(times, times, times));
        Usage none = new Usage(0, Usage.UNKNOWN);
        return new PairFigures(sums, new Timeline(), 1, none, none, Math.max(0, acknowledged - received), 0, List.of());
    }
}
