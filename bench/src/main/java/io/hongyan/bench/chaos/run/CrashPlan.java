package io.hongyan.bench.chaos.run;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The users and groups of a crash run, drawn from its seed.
 *
 * @param devices a user's devices are adjacent
 * @param groups empty for a run without them
 */
record CrashPlan(List<DevicePlan> devices, List<ChaosGroup> groups) {
    private static final int WINDOW_MAX = 16;
    private static final int CORRESPONDENTS = 4;

    /**
     * One device.
     *
     * @param clientId {@code uid:platform:name}
     * @param cleanSession false: the server must keep its subscriptions
     * @param window messages it sends without waiting for acknowledgement
     * @param peers users and groups it writes to; some occur more than once
     */
    record DevicePlan(String clientId, String uid, boolean cleanSession, int window, List<String> peers) {}

    /** Pairs that write to each other most of the time, a few others each, and everybody sometimes to themselves. */
    static CrashPlan draw(int users, RandomGenerator random) {
        List<DevicePlan> devices = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            String uid = uid(user);
            List<String> peers = new ArrayList<>(List.of(uid));
            for (int i = 0; i < CORRESPONDENTS; i++) {
                peers.add(uid(random.nextInt(users)));
                peers.add(uid((user ^ 1) % users));
            }
            devices.add(device(uid, "android:phone", random.nextInt(4) != 0, random, peers));
            if (user % 2 == 0) {
                devices.add(device(uid, "web:page", false, random, peers));
            }
            if (user % 4 == 0) {
                devices.add(device(uid, "linux:desk", true, random, peers));
            }
        }
        return new CrashPlan(List.copyOf(devices), List.of());
    }

    /** The same, and everybody writes to the groups they are or may be in as well. */
    CrashPlan withGroups(List<ChaosGroup> plans) {
        List<DevicePlan> writing = devices.stream()
                .map(device -> {
                    List<String> peers = new ArrayList<>(device.peers());
                    plans.stream()
                            .filter(group -> group.everybody().contains(device.uid()))
                            .forEach(group -> peers.add(group.address()));
                    return new DevicePlan(
                            device.clientId(),
                            device.uid(),
                            device.cleanSession(),
                            device.window(),
                            List.copyOf(peers));
                })
                .toList();
        return new CrashPlan(writing, List.copyOf(plans));
    }

    /** Users with devices, each once. */
    List<String> users() {
        return devices.stream().map(DevicePlan::uid).distinct().toList();
    }

    /** Users with devices of every plan of so many users. */
    static List<String> uids(int users) {
        return IntStream.range(0, users).mapToObj(CrashPlan::uid).toList();
    }

    private static String uid(int user) {
        return "u%02d".formatted(user);
    }

    private static DevicePlan device(
            String uid, String device, boolean clean, RandomGenerator random, List<String> peers) {
        int window = 1 << random.nextInt(Integer.numberOfTrailingZeros(WINDOW_MAX) + 1);
        return new DevicePlan(uid + ':' + device, uid, clean, window, List.copyOf(peers));
    }
}
