package io.hongyan.bench.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.run.CrashPlan.DevicePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CrashPlanTest {
    @Test
    void theSameSeedDrawsTheSamePlanAndTheSameKills() {
        assertThat(CrashPlan.draw(20, new SplittableRandom(5)))
                .isEqualTo(CrashPlan.draw(20, new SplittableRandom(5)))
                .isNotEqualTo(CrashPlan.draw(20, new SplittableRandom(6)));
        assertThat(lives(5)).isEqualTo(lives(5)).isNotEqualTo(lives(6));
    }

    @Test
    void usersHaveSeveralDevicesOfDifferentClassesAndBothKindsOfSession() {
        List<DevicePlan> devices = CrashPlan.draw(20, new SplittableRandom(1)).devices();

        assertThat(devices).hasSize(35);
        assertThat(devices).extracting(DevicePlan::clientId).doesNotHaveDuplicates();
        assertThat(devices).extracting(DevicePlan::cleanSession).contains(true, false);
        assertThat(devices).allMatch(device -> device.peers().contains(device.uid()));
    }

    @Test
    void oddNumbersOfUsersWork() {
        assertThat(CrashPlan.draw(3, new SplittableRandom(1)).devices())
                .flatExtracting(DevicePlan::peers)
                .isSubsetOf("u00", "u01", "u02");
    }

    @Test
    void someKillsComeWhileTheServerStarts() {
        List<KillSchedule.Life> lives = lives(9);

        assertThat(lives).extracting(KillSchedule.Life::whileStarting).contains(true, false);
        assertThat(lives).allMatch(life -> life.millis() <= 12_000);
    }

    private static List<KillSchedule.Life> lives(long seed) {
        KillSchedule schedule = new KillSchedule(new SplittableRandom(seed), 120);
        List<KillSchedule.Life> lives = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lives.add(schedule.next());
        }
        return lives;
    }
}
