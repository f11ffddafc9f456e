package io.hongyan.bench.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.run.CrashPlan.DevicePlan;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupPlanTest {
    private final CrashPlan plan = CrashPlan.draw(20, new SplittableRandom(1));
    private final List<ChaosGroup> groups = ChaosGroup.draw(plan.users(), 100);

    @Test
    void oneGroupIsAboveTheInlineLimitAndMostOfItHasNoDevice() {
        ChaosGroup big = groups.get(2);

        assertThat(big.members()).hasSizeGreaterThan(100).doesNotContain(big.owner());
        assertThat(big.everybody()).doesNotHaveDuplicates();
        assertThat(big.members()).filteredOn(plan.users()::contains).hasSizeBetween(1, 5);
    }

    @Test
    void ownersStayAndOthersComeAndGo() {
        assertThat(groups).extracting(ChaosGroup::id).containsExactly("small", "middle", "big", "growing");
        assertThat(groups.get(0).members()).hasSize(2);
        assertThat(groups.get(1).everybody()).hasSize(20);
        assertThat(groups).allSatisfy(group -> {
            assertThat(group.wanderers()).isNotEmpty().doesNotContain(group.owner());
            assertThat(plan.users()).contains(group.owner());
        });
    }

    @Test
    void oneGroupOutgrowsTheOthersWithItsNewcomersAndNotBefore() {
        int largeAbove = ChaosGroup.largeAbove(groups);
        ChaosGroup growing = groups.get(3);

        assertThat(groups.subList(0, 3)).allMatch(group -> group.everybody().size() <= largeAbove);
        assertThat(1 + growing.members().size() + growing.newcomers().size()).isGreaterThan(largeAbove);
        assertThat(growing.everybody().size() - growing.newcomers().size()).isLessThanOrEqualTo(largeAbove);
        assertThat(growing.everybody()).doesNotHaveDuplicates();
        assertThat(growing.members()).filteredOn(plan.users()::contains).hasSizeGreaterThan(10);
    }

    @Test
    void whoMayBeInAGroupWritesToIt() {
        CrashPlan withGroups = plan.withGroups(groups);

        assertThat(withGroups.devices())
                .extracting(DevicePlan::clientId)
                .isEqualTo(plan.devices().stream().map(DevicePlan::clientId).toList());
        assertThat(withGroups.devices().get(0).peers()).contains("group:small", "group:middle", "group:big");
        assertThat(withGroups.devices())
                .filteredOn(device -> device.uid().equals("u10"))
                .allSatisfy(device ->
                        assertThat(device.peers()).contains("group:middle").doesNotContain("group:small"));
    }
}
