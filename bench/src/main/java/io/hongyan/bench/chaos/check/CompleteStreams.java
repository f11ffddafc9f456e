package io.hongyan.bench.chaos.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** P4 of large groups: each device reads, in the group's own stream, exactly the entries of its user's memberships. */
final class CompleteStreams implements Checker.Rule {
    private final long settledMillis;
    private final Map<MessageKey, Set<String>> excused = new HashMap<>();

    CompleteStreams(long settledMillis) {
        this.settledMillis = settledMillis;
    }

    @Override
    public void check(RunFacts facts, Findings findings) {
        for (DeviceStory story : facts.devices.values()) {
            Set<String> groups = story.streamedGroups();
            facts.logs.keySet().stream()
                    .filter(conversation -> !facts.memberships(conversation)
                            .streamParts(story.user)
                            .isEmpty())
                    .forEach(groups::add);
            for (String group : groups) {
                List<RunFacts.LogEntry> log = facts.logs.getOrDefault(group, List.of());
                new StreamReading(
                                story,
                                group,
                                log,
                                facts.memberships(group).streamParts(story.user),
                                facts.faults,
                                facts::shows,
                                settledMillis,
                                findings)
                        .check()
                        .forEach(key -> excused.computeIfAbsent(key, k -> new HashSet<>())
                                .add(story.device));
            }
        }
    }

    /** For each message, the devices that did not see it and need not have. */
    Map<MessageKey, Set<String>> excused() {
        return excused;
    }
}
