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
 * @param frozenMillisMax how long the one could not be written to that was frozen longest
 */
public record SlotMoves(long slots, long acknowledged, long frozenMillisMax) {
    static SlotMoves of(RunFacts facts) {
        Map<Integer, List<SlotMoved>> moves = facts.moved.stream().collect(Collectors.groupingBy(SlotMoved::number));
        long acknowledged = facts.devices.values().stream()
                .flatMap(device -> device.connections.stream())
                .flatMap(connection -> connection.acknowledged.stream())
                .filter(ack -> moves.values().stream().anyMatch(move -> isWithin(move, ack.at())))
                .count();
        long frozen =
                facts.moved.stream().mapToLong(SlotMoved::frozenMillis).max().orElse(0);
        return new SlotMoves(facts.moved.size(), acknowledged, frozen);
    }

    private static boolean isWithin(List<SlotMoved> move, long at) {
        return at >= move.get(0).at() && at <= move.get(move.size() - 1).at();
    }

    @Override
    public String toString() {
        return "moved=" + slots + " acknowledged_while_moving=" + acknowledged + " frozen_max=" + frozenMillisMax
                + "ms";
    }
}
