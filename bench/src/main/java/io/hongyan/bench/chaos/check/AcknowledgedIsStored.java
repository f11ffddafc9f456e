package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * P1: every acknowledged message is in the log, as it was sent and where the answer said. Only a user who is not in a
 * group, or whose change changes nothing, may be refused; a refused message is not in the log.
 */
final class AcknowledgedIsStored implements Checker.Rule {
    private static final String P1 = "P1";
    private static final Set<String> REFUSALS = Set.of("NOT_A_MEMBER");
    /** Several drivers change a group at a time. */
    private static final Set<String> REFUSALS_OF_CHANGES = Set.of("NOT_A_MEMBER", "NOTHING_TO_DO");

    /** Late, of a recalled message, by somebody who has left the group. */
    private static final Set<String> REFUSALS_OF_MESSAGE_CHANGES =
            Set.of("TOO_LATE", "UNKNOWN_MESSAGE", "LIMIT_REACHED", "NOT_A_MEMBER");

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<MessageKey, RunFacts.LogEntry> stored = new HashMap<>();
        facts.logs.values().forEach(log -> log.forEach(entry -> stored.putIfAbsent(entry.key(), entry)));
        facts.sent.forEach((key, message) -> {
            if (message.refused()) {
                refused(key, message, stored.get(key), facts, findings);
            } else {
                check(key, message, stored.get(key), facts, findings);
            }
        });
    }

    private static void refused(
            MessageKey key, SentMessage message, RunFacts.LogEntry entry, RunFacts facts, Findings findings) {
        String code = message.refusal().code();
        boolean mayBe = message.ofMessage
                ? REFUSALS_OF_MESSAGE_CHANGES.contains(code)
                : key.ofGroup() && (message.change ? REFUSALS_OF_CHANGES : REFUSALS).contains(code);
        if (!mayBe) {
            findings.add(
                    Kind.LOST,
                    P1,
                    key + " was refused with " + code + ": that is not a refusal that is possible" + " here");
        } else if (!message.change && facts.memberships(key.conversation()).throughout(key.sender())) {
            findings.add(Kind.LOST, P1, key + " was refused with " + code + ", and its author never left the group");
        }
        if (entry != null) {
            findings.add(Kind.DOUBLED, P1, key + " was refused with " + code + " and stands at " + entry.seq());
        }
    }

    private static void check(
            MessageKey key, SentMessage message, RunFacts.LogEntry entry, RunFacts facts, Findings findings) {
        if (entry == null) {
            // A PUBACK alone, for a sender who may have been refused, proves nothing: its answer may have been cut off.
            boolean mayBeRefused =
                    key.ofGroup() && !facts.memberships(key.conversation()).throughout(key.sender());
            if (!message.answers().isEmpty() || (message.acknowledged && !mayBeRefused)) {
                findings.add(Kind.LOST, P1, key + " was acknowledged and is not in the log");
            }
            return;
        }
        if (!facts.shows(entry, message.text)) {
            findings.add(
                    Kind.LOST, P1, key + " was sent as '" + message.text + "' and stored as '" + entry.text() + "'");
        }
        for (Answer answer : message.answers()) {
            if (answer.seq() != entry.seq()) {
                findings.add(
                        Kind.OUT_OF_ORDER,
                        P1,
                        key + " was acknowledged as number " + answer.seq() + " and stands at " + entry.seq());
            }
        }
    }
}
