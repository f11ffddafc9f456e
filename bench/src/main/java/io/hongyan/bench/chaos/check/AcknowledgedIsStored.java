package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent.Answer;
import java.util.HashMap;
import java.util.Map;

/** P1: what was acknowledged stands in the log, as it was sent and where the answer said. */
final class AcknowledgedIsStored implements Checker.Rule {
    private static final String P1 = "P1";

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<MessageKey, RunFacts.LogEntry> stored = new HashMap<>();
        facts.logs.values().forEach(log -> log.forEach(entry -> stored.putIfAbsent(entry.key(), entry)));
        facts.sent.forEach((key, message) -> check(key, message, stored.get(key), findings));
    }

    private static void check(MessageKey key, SentMessage message, RunFacts.LogEntry entry, Findings findings) {
        if (message.refused()) {
            Answer refusal = message.answers().get(0);
            findings.add(Kind.LOST, P1, key + " was refused with " + refusal.code() + ": nothing here is refused");
            return;
        }
        if (entry == null) {
            if (message.acknowledged || !message.answers().isEmpty()) {
                findings.add(Kind.LOST, P1, key + " was acknowledged and is not in the log");
            }
            return;
        }
        if (!message.text.equals(entry.text())) {
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
