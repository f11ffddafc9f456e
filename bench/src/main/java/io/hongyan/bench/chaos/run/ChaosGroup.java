package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * A group of a run.
 *
 * @param owner never leaves, and so can read all of its log in the end
 * @param members the initial members besides the owner
 * @param wanderers users who join and leave
 * @param newcomers users who are added in the middle of the run, all at once, so that the group becomes large; else
 *     none
 */
record ChaosGroup(String id, String owner, List<String> members, List<String> wanderers, List<String> newcomers) {
    private static final int SMALL_MEMBERS = 3;
    private static final int MIDDLE_MEMBERS = 20;
    private static final int SEVERAL = 3;
    /** How many more members than can be written inline the big group has. */
    private static final int BEYOND_INLINE = 10;

    private static final int NEWCOMERS = 8;

    /**
     * A small group, one of nearly all users, one of mostly users without devices that has more members than get their
     * inbox rows together with a message, and one that becomes large.
     *
     * @param online users with devices; at least four
     * @param inlineMax recipients whose rows are written together with a message
     */
    static List<ChaosGroup> draw(List<String> online, int inlineMax) {
        List<String> rest = online.subList(1, online.size());
        int small = Math.min(SMALL_MEMBERS, rest.size()) - 1;
        int middle = Math.max(0, Math.min(MIDDLE_MEMBERS - 1, rest.size()) - SEVERAL);
        List<String> offline = new ArrayList<>();
        for (int i = 0; i < inlineMax + BEYOND_INLINE; i++) {
            offline.add("x%03d".formatted(i));
        }
        List<String> big = new ArrayList<>(rest.subList(0, small));
        big.addAll(offline.subList(0, inlineMax + SEVERAL));
        List<String> wanderersOfBig = new ArrayList<>(last(rest));
        wanderersOfBig.addAll(last(offline));
        String owner = online.get(0);
        List<ChaosGroup> lasting = List.of(
                new ChaosGroup("small", owner, rest.subList(0, small), last(rest), List.of()),
                new ChaosGroup("middle", owner, rest.subList(0, middle), last(rest), List.of()),
                new ChaosGroup("big", owner, List.copyOf(big), List.copyOf(wanderersOfBig), List.of()));
        List<ChaosGroup> all = new ArrayList<>(lasting);
        all.add(growing(owner, rest, middle, offline, largeAbove(lasting)));
        return List.copyOf(all);
    }

    /** With its newcomers it has one member too many, however many of the wanderers are members; without them never. */
    private static ChaosGroup growing(
            String owner, List<String> rest, int online, List<String> offline, int largeAbove) {
        List<String> stable = new ArrayList<>(rest.subList(0, online));
        stable.addAll(offline.subList(0, largeAbove - online));
        int newcomers = stable.size() - NEWCOMERS;
        return new ChaosGroup(
                "growing",
                owner,
                List.copyOf(stable.subList(0, newcomers)),
                last(rest),
                List.copyOf(stable.subList(newcomers, stable.size())));
    }

    /** The number of members above which the server makes a group large: only growing groups exceed it. */
    static int largeAbove(List<ChaosGroup> groups) {
        return groups.stream()
                .filter(group -> group.newcomers.isEmpty())
                .mapToInt(group -> group.everybody().size())
                .max()
                .orElseThrow();
    }

    private static List<String> last(List<String> uids) {
        return List.copyOf(uids.subList(Math.max(0, uids.size() - SEVERAL), uids.size()));
    }

    /** Its name in a history. */
    String address() {
        return HistoryEvent.GROUP + id;
    }

    /** All users who may ever be members. */
    List<String> everybody() {
        List<String> all = new ArrayList<>(List.of(owner));
        all.addAll(members);
        all.addAll(newcomers);
        wanderers.stream().filter(uid -> !all.contains(uid)).forEach(all::add);
        return all;
    }
}
