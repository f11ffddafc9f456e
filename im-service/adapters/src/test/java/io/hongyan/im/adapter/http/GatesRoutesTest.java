package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.cluster.GateInfo;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class GatesRoutesTest {
    @Test
    void ofManyGatesTheLeastLoadedOnesAreListed() {
        List<GateInfo> gates = IntStream.range(0, 1_000)
                .mapToObj(i -> new GateInfo("g" + i, "mqtt://g" + i, "", 1_000 - i, 100, false))
                .toList();

        List<GatesRoutes.GateAddress> listed = GatesRoutes.open(gates).gates();

        assertThat(listed).hasSize(GatesRoutes.GATES_MAX);
        assertThat(listed.get(0).mqtt()).isEqualTo("mqtt://g999");
    }
}
