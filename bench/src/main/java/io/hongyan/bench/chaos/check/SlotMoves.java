package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent.SlotMoved;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The slots that moved between databases.
 *
 * @param slots how many; one that moved there and back counts twice
 * @param acknowledged messages that were acknowledged between the first and the last slot of a move
 * @param changes of messages, likewise
 * @param frozenMillisMax how long the one could not be written to that was frozen longest
 */
public record SlotMoves(long slots, long acknowledged, long changes, long frozenMillisMax) {
    static SlotMoves of(RunFacts facts) {
        Map<Integer, List<SlotMoved>> moves = facts.moved.stream().collect(Collectors.groupingBy(SlotMoved::number));
        long acknowledged = facts.devices.values().stream()
                .flatMap(device -> device.connections.stream())
                .flatMap(connection -> connection.acknowledged.stream())
                .filter(ack -> isWithinAny(moves, ack.at()))
                .count();
        long changes = MessageChanges.acknowledged(facts)
                .filter(change -> isWithinAny(moves, MessageChanges.acknowledgedAt(change)))
                .count();
        long frozen =
                facts.moved.stream().mapToLong(SlotMoved::frozenMillis).max().orElse(0);
        return new SlotMoves(facts.moved.size(), acknowledged, changes, frozen);
    }

    private static boolean isWithinAny(Map<Integer, List<SlotMoved>> moves, long at) {
        return moves.values().stream()
                .anyMatch(move -> at >= move.get(0).at()
                        && at <= move.get(move.size() - 1).at());
    }

    @Override
    public String toString() {
        return "moved=" + slots + " acknowledged_while_moving=" + acknowledged + " changes_while_moving="
                + changes + " frozen_max=" + frozenMillisMax
                + "ms";
    }
}
