package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.metrics.Counter;

/** What is counted of changes of messages; the names are those of the metrics page. */
public enum ChangeCounter implements Counter {
    RECALLED(Family.DONE, "recall"),
    EDITED(Family.DONE, "edit"),
    REACTED(Family.DONE, "react"),
    PINNED(Family.DONE, "pin"),
    REFUSED_UNKNOWN_MESSAGE(Family.REFUSED, "unknown_message"),
    REFUSED_NOT_ALLOWED(Family.REFUSED, "not_allowed"),
    REFUSED_TOO_LATE(Family.REFUSED, "too_late"),
    REFUSED_LIMIT_REACHED(Family.REFUSED, "limit_reached"),
    REFUSED_MALFORMED(Family.REFUSED, "malformed"),
    REFUSED_OTHERWISE(Family.REFUSED, "other"),
    COUNTS_TOLD("messaging_reaction_counts_told_total", "Entries with the counts of reactions of large groups"),
    RECALLS_FINISHED(
            "messaging_recalls_finished_total",
            "Recalled messages with more copies than are erased at once: further steps");

    private final String metric;
    private final String help;

    /** Counters of one metric, which differ by its label. */
    private enum Family {
        DONE("messaging_message_changes_total", "kind", "Changes of messages done, by kind"),
        REFUSED("messaging_message_changes_refused_total", "reason", "Changes of messages refused, by reason");

        private final String metric;
        private final String label;
        private final String help;

        Family(String metric, String label, String help) {
            this.metric = metric;
            this.label = label;
            this.help = help;
        }
    }

    ChangeCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
    }

    ChangeCounter(Family family, String value) {
        this.metric = family.metric + '{' + family.label + "=\"" + value + "\"}";
        this.help = family.help;
    }

    static ChangeCounter done(MessageChange.Asked change) {
        if (change instanceof MessageChange.Recalled) {
            return RECALLED;
        } else if (change instanceof MessageChange.Edited) {
            return EDITED;
        }
        return change instanceof MessageChange.Reacted ? REACTED : PINNED;
    }

    static ChangeCounter refused(Refusal reason) {
        return switch (reason) {
            case UNKNOWN_MESSAGE -> REFUSED_UNKNOWN_MESSAGE;
            case NOT_ALLOWED -> REFUSED_NOT_ALLOWED;
            case TOO_LATE -> REFUSED_TOO_LATE;
            case LIMIT_REACHED -> REFUSED_LIMIT_REACHED;
            case MALFORMED -> REFUSED_MALFORMED;
            default -> REFUSED_OTHERWISE;
        };
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String help() {
        return help;
    }
}
