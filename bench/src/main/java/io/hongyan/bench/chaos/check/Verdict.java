package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import java.util.List;
import java.util.Map;

/**
 * The result of the checker.
 *
 * @param counts what happened in the run
 * @param messageChanges what was changed of messages
 * @param lists what was compared of the users' lists of conversations
 * @param found how many findings of each kind there are
 * @param findings the first ones of each kind; empty if every promise held
 */
public record Verdict(
        Counts counts, MessageChanges messageChanges, Lists lists, Map<Kind, Long> found, List<Finding> findings) {
    /**
     * @param sent messages sent, repetitions not counted
     * @param acknowledged those of them that were acknowledged
     * @param refused those of them that were refused: sent to a group that their author was not in
     * @param delivered stored messages that reached every device they are for
     * @param changes changes of groups that were asked for, repetitions not counted
     * @param fed messages that came in the feed, repetitions not counted, to the reader that saw the fewest; -1 where it
     *     was not read
     * @param rocketMqKills how often RocketMQ's processes were killed, one or both at a time
     * @param databaseKills how often the database server was killed
     * @param cluster null for a run of a single server
     */
    public record Counts(
            long sent,
            long acknowledged,
            long refused,
            long delivered,
            long kills,
            long changes,
            long fed,
            long rocketMqKills,
            long databaseKills,
            Cluster cluster) {}

    /**
     * Of lists of conversations.
     *
     * @param conversations in all of them together
     * @param marks conversations of a user with an acknowledged read mark that the list had to have
     */
    public record Lists(long conversations, long marks) {}

    /**
     * What happened in a cluster.
     *
     * @param kinds how many faults there were of each kind
     * @param logins successful logins of users of whom only one device may be online
     * @param served how long users of killed gates were not served, in milliseconds, rising
     * @param pauses how long messages waited whose node was killed, the longest of each device, likewise
     * @param moves of slots between two databases
     */
    public record Cluster(Map<String, Long> kinds, long logins, List<Long> served, List<Long> pauses, SlotMoves moves) {
        public long faults() {
            return kinds.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public boolean held() {
        return found.isEmpty();
    }

    public long sent() {
        return counts.sent();
    }

    public long acknowledged() {
        return counts.acknowledged();
    }

    public long delivered() {
        return counts.delivered();
    }

    public long kills() {
        return counts.kills();
    }

    public long lost() {
        return count(Kind.LOST);
    }

    public long doubled() {
        return count(Kind.DOUBLED);
    }

    public long outOfOrder() {
        return count(Kind.OUT_OF_ORDER);
    }

    public long leaked() {
        return count(Kind.LEAKED);
    }

    public long twoOnline() {
        return count(Kind.TWO_ONLINE);
    }

    /** Users who were not served again in time. */
    public long slow() {
        return count(Kind.SLOW);
    }

    public long unfinished() {
        return count(Kind.UNFINISHED);
    }

    private long count(Kind kind) {
        return found.getOrDefault(kind, 0L);
    }

    /** The line that sums up the run; with groups and feed only if the run had them. */
    public String summary() {
        Cluster cluster = counts.cluster();
        String line = "sent=" + sent() + " acknowledged=" + acknowledged() + " delivered=" + delivered()
                + (cluster == null ? " kills=" + kills() : " faults=" + cluster.faults()) + " lost=" + lost()
                + " doubled=" + doubled() + " out_of_order=" + outOfOrder()
                + " message_changes=" + messageChanges.all();
        if (messageChanges.recalls() > 0) {
            line += " read_after_recall=" + messageChanges.readAfterRecall();
        }
        if (counts.changes() > 0) {
            line += " leaked=" + leaked() + " refused=" + counts.refused() + " changes=" + counts.changes();
        }
        if (counts.fed() >= 0) {
            line += " fed=" + counts.fed();
        }
        if (cluster != null) {
            line += " logins=" + cluster.logins() + " two_online=" + twoOnline() + " slow=" + slow() + " gate_recovery="
                    + times(cluster.served()) + " node_pause=" + times(cluster.pauses());
            if (cluster.moves().slots() > 0) {
                line += " " + cluster.moves();
            }
        }
        if (counts.databaseKills() > 0) {
            line += " database_kills=" + counts.databaseKills();
        }
        return counts.rocketMqKills() == 0 ? line : line + " rocketmq_kills=" + counts.rocketMqKills();
    }

    /** Number, median and maximum. */
    private static String times(List<Long> rising) {
        return rising.isEmpty()
                ? "none"
                : "n:%d,p50:%dms,max:%dms"
                        .formatted(rising.size(), rising.get(rising.size() / 2), rising.get(rising.size() - 1));
    }
}
