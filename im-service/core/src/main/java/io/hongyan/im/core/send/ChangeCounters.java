package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What is counted of changes of messages. Any thread may add. */
final class ChangeCounters {
    /** What somebody asks for. */
    private enum Kind {
        RECALL,
        EDIT,
        REACT,
        PIN;

        static Kind of(MessageChange.Asked change) {
            if (change instanceof MessageChange.Recalled) {
                return RECALL;
            } else if (change instanceof MessageChange.Edited) {
                return EDIT;
            }
            return change instanceof MessageChange.Reacted ? REACT : PIN;
        }
    }

    private final Map<Kind, LongAdder> done = new EnumMap<>(Kind.class);
    /** By reason; all reasons that are not here are one. */
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    private final LongAdder refusedOtherwise = new LongAdder();
    private final LongAdder countsTold = new LongAdder();
    private final LongAdder erasuresFinished = new LongAdder();

    ChangeCounters() {
        for (Kind kind : Kind.values()) {
            done.put(kind, new LongAdder());
        }
        refused.put(Refusal.UNKNOWN_MESSAGE, new LongAdder());
        refused.put(Refusal.NOT_ALLOWED, new LongAdder());
        refused.put(Refusal.TOO_LATE, new LongAdder());
        refused.put(Refusal.LIMIT_REACHED, new LongAdder());
        refused.put(Refusal.MALFORMED, new LongAdder());
    }

    /** A change that was asked for is answered. */
    void answered(MessageChange.Asked change, SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Refused refusal) {
            refused.getOrDefault(refusal.refusal(), refusedOtherwise).increment();
        } else {
            done.get(Kind.of(change)).increment();
        }
    }

    /** Something that was left to do is answered. */
    void finished(MessageChange change, SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Stored) {
            countsTold.increment();
        } else if (outcome instanceof SendOutcome.Noted && change instanceof MessageChange.CopiesErased) {
            erasuresFinished.increment();
        }
    }

    void forEach(ObjLongConsumer<String> consumer) {
        done.forEach((kind, count) -> consumer.accept(name("message_changes_total", "kind", kind), count.sum()));
        refused.forEach((reason, count) ->
                consumer.accept(name("message_changes_refused_total", "reason", reason), count.sum()));
        consumer.accept("message_changes_refused_total{reason=\"other\"}", refusedOtherwise.sum());
        consumer.accept("reaction_counts_told_total", countsTold.sum());
        consumer.accept("recalls_finished_total", erasuresFinished.sum());
    }

    private static String name(String metric, String label, Enum<?> value) {
        return metric + '{' + label + "=\"" + value.name().toLowerCase(Locale.ROOT) + "\"}";
    }
}
