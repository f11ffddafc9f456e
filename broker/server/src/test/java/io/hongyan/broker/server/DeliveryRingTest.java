package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.starters.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class DeliveryRingTest {
    @Test
    void tokenOfAPassedOverDeliveryCountsAfterThoseBeforeIt() {
        DeliveryRing ring = new DeliveryRing();
        ring.addDone(1);
        assertThat(ring.acknowledgedToken()).isEqualTo(1);
        ring.add(7, 2, 0);
        ring.addDone(3);
        assertThat(ring.acknowledgedToken()).isEqualTo(1);
        assertThat(ring.acknowledge(8)).isFalse();
        assertThat(ring.acknowledge(7)).isTrue();
        assertThat(ring.acknowledgedToken()).isEqualTo(3);
        assertThat(ring.acknowledge(7)).isFalse();
    }

    @Test
    void writtenDeliveriesAreDoneUpToTheWrite() {
        DeliveryRing ring = new DeliveryRing();
        ring.add(-1, 1, 0);
        ring.add(-1, 2, 0);
        ring.add(-2, 3, 0);
        assertThat(ring.unwritten()).isTrue();
        ring.written(1);
        assertThat(ring.acknowledgedToken()).isEqualTo(2);
        ring.written(2);
        assertThat(ring.acknowledgedToken()).isEqualTo(3);
        assertThat(ring.unwritten()).isFalse();
    }

    static List<Long> seeds() {
        return Seeds.of(DeliveryRingTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void watermarkIsAlwaysTheLastBeforeTheFirstOpenOne(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            checkAgainstAList(random, seed);
        }
    }

    private static void checkAgainstAList(Random random, long seed) {
        DeliveryRing ring = new DeliveryRing();
        List<int[]> model = new ArrayList<>();
        int id = 1 + random.nextInt(65_535);
        int token = 0;
        long watermark = -1;
        for (int step = 0; step < 300; step++) {
            if (random.nextBoolean() && model.size() < 100) {
                id = id % 65_535 + 1;
                ring.add(id, token, step);
                model.add(new int[] {id, token, 0});
                token++;
            } else if (!model.isEmpty()) {
                int[] chosen = model.get(random.nextInt(model.size()));
                assertThat(ring.acknowledge(chosen[0])).as("seed " + seed).isEqualTo(chosen[2] == 0);
                chosen[2] = 1;
            }
            while (!model.isEmpty() && model.get(0)[2] == 1) {
                watermark = model.remove(0)[1];
            }
            assertThat(ring.acknowledgedToken()).as("seed " + seed).isEqualTo(watermark);
            assertThat(ring.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(ring.unacknowledged()).isEqualTo((int)
                    model.stream().filter(entry -> entry[2] == 0).count());
            if (random.nextInt(20) == 0) {
                ring.trim();
            }
        }
    }
}
