package io.hongyan.broker.hook.grpc;

/** Counters of links, at either end; the names are those of the metrics page. */
public enum LinkCounter {
    OPENED("link_opened_total", "Links opened"),
    BROKEN("link_broken_total", "Links ended because of what came over them"),
    LOST("link_lost_total", "Links that ended, for whatever reason"),
    ATTEMPTS_FAILED("link_attempts_failed_total", "Attempts to reach a node that failed"),
    REFUSED("link_refused_total", "Links refused: another version, too many, or no greeting"),
    BYTES_SENT("link_bytes_sent_total", "Bytes of messages sent over links"),
    BYTES_RECEIVED("link_bytes_received_total", "Bytes of messages received over links"),
    MESSAGES_SENT("link_messages_sent_total", "gRPC messages sent over links"),
    MESSAGES_RECEIVED("link_messages_received_total", "gRPC messages received over links"),
    CALLS_SENT("link_calls_sent_total", "Questions, answers, one-way calls and pushes sent over links"),
    CALLS_RECEIVED("link_calls_received_total", "Questions, answers, one-way calls and pushes received over links"),
    CLIENTS_ANNOUNCED("link_clients_announced_total", "Connected clients that gates announced again"),
    ITEMS_FAILED("link_items_failed_total", "Calls of a gate whose handling failed; only who made them noticed"),
    QUESTIONS_NOT_ASKED(
            "link_questions_not_asked_total",
            "Packets of clients not passed on, as they broke links before; their clients are closed or refused"),
    PUSHES_DROPPED("link_pushes_dropped_total", "Pushes not sent as the link is full; tracked ones end the connection"),
    CONNECTIONS_OVERFLOWED("link_connections_overflowed_total", "Connections ended as their link is full"),
    FULL("link_full_total", "Times a gate stopped reading clients as its link is full"),
    READS_PAUSED("link_reads_paused_total", "Times a node stopped reading a gate that has too much unanswered");

    private final String metric;
    private final String help;

    LinkCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
    }

    public String metric() {
        return metric;
    }

    public String help() {
        return help;
    }
}
