package io.hongyan.bench.chaos.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts stored messages that were seen by every device they are for, other than the sending one. */
final class Delivered {
    private Delivered() {}

    /** @param excused for each message, the devices that need not have seen it */
    static long count(RunFacts facts, Map<MessageKey, Set<String>> excused) {
        Map<MessageKey, Set<String>> seenBy = new HashMap<>();
        Map<String, Set<DeviceStory>> devicesOf = new HashMap<>();
        for (DeviceStory story : facts.devices.values()) {
            devicesOf.computeIfAbsent(story.user, u -> new HashSet<>()).add(story);
            for (DeviceStory.Connection connection : story.connections) {
                connection.receptions.forEach(reception -> note(reception.message(), story, seenBy));
                connection
                        .streams
                        .values()
                        .forEach(stream -> stream.forEach(reception -> note(reception.message(), story, seenBy)));
            }
        }
        long count = 0;
        for (List<RunFacts.LogEntry> log : facts.logs.values()) {
            for (RunFacts.LogEntry entry : log) {
                Set<String> seen = seenBy.getOrDefault(entry.key(), Set.of());
                Set<String> spared = excused.getOrDefault(entry.key(), Set.of());
                boolean all = facts.recipients(entry).stream()
                        .flatMap(user -> devicesOf.getOrDefault(user, Set.of()).stream())
                        .filter(story -> !story.isAuthorOf(entry.key(), entry.fromDevice()))
                        .allMatch(story -> seen.contains(story.device) || spared.contains(story.device));
                count += all && entry.isMessage() ? 1 : 0;
            }
        }
        return count;
    }

    private static void note(DeviceStory.InboxMessage message, DeviceStory story, Map<MessageKey, Set<String>> seenBy) {
        if (message != null) {
            seenBy.computeIfAbsent(message.key(), k -> new HashSet<>()).add(story.device);
        }
    }
}
