package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.metrics.Counter;

/** What the gate counts; the names are those of the metrics page. */
public enum GateCounter implements Counter {
    CONNECTIONS_OPENED("gate_connections_opened_total", "Sockets accepted"),
    CONNECTIONS_CLOSED("gate_connections_closed_total", "Sockets closed, for whatever reason"),
    CONNECTS_ACCEPTED("gate_connects_accepted_total", "CONNECTs answered with success"),
    CONNECTS_REFUSED_CLIENT_ID(Family.CONNECTS_REFUSED, "client_id", "CONNECTs with an invalid client id"),
    CONNECTS_REFUSED_CLIENT(Family.CONNECTS_REFUSED, "client", "CONNECTs of clients that the node does not support"),
    CONNECTS_REFUSED_CREDENTIALS(
            Family.CONNECTS_REFUSED, "credentials", "CONNECTs whose user name or token the node did not accept"),
    CONNECTS_REFUSED_AUTHENTICATION(
            Family.CONNECTS_REFUSED, "authentication_method", "CONNECTs that ask for extended authentication"),
    CONNECTS_REFUSED_NOT_AUTHORIZED(
            Family.CONNECTS_REFUSED, "not_authorized", "CONNECTs with a good login that is not for this client"),
    CONNECTS_REFUSED_BANNED(Family.CONNECTS_REFUSED, "banned", "CONNECTs of users that are disabled or deleted"),
    CONNECTS_REFUSED_QUOTA(Family.CONNECTS_REFUSED, "quota", "CONNECTs of users that have as many devices as they may"),
    CONNECTS_REFUSED_TOO_SOON(
            Family.CONNECTS_REFUSED, "too_soon", "CONNECTs of devices that another one displaced just before"),
    CONNECTS_REFUSED_UNAVAILABLE(
            Family.CONNECTS_REFUSED, "unavailable", "CONNECTs that the node did not answer, or could not answer"),
    CONNECTS_REFUSED_USER(Family.CONNECTS_REFUSED, "user", "CONNECTs of users with too many connections"),
    CONNECTS_REFUSED_DELAYED(Family.CONNECTS_REFUSED, "delayed", "CONNECTs of a login that failed too often before"),
    CONNECTS_REFUSED_FLAPPING(
            Family.CONNECTS_REFUSED, "flapping", "CONNECTs of a device that logged in too often before"),
    CONNECTS_REFUSED_RATE(Family.CONNECTS_REFUSED, "rate", "CONNECTs above the rate"),
    CONNECTS_REFUSED_DRAINING(Family.CONNECTS_REFUSED, "draining", "CONNECTs while the gate drains"),
    CONNECTS_REFUSED_WILL(
            Family.CONNECTS_REFUSED, "will", "CONNECTs with a will to a topic their client may not publish to"),
    CONNECTS_REFUSED_RETAINED(
            Family.CONNECTS_REFUSED, "retained", "CONNECTs with a will that would be one retained message too many"),
    CONNECTS_REFUSED_MALFORMED(
            Family.CONNECTS_REFUSED, "malformed", "CONNECTs that MQTT does not allow, or of another version"),
    CONNECTS_REFUSED_ANSWER(
            Family.CONNECTS_REFUSED,
            "answer_too_large",
            "CONNECTs whose answer is above the client's Maximum Packet" + " Size"),
    CONNECTS_TIMED_OUT(Family.ENDED, "connect_timeout", "Connections without an answered CONNECT by the deadline"),
    CONNECTIONS_REFUSED_LIMIT(Family.SOCKETS_REFUSED, "total", "Sockets closed at once: too many connections"),
    CONNECTIONS_REFUSED_ADDRESS(Family.SOCKETS_REFUSED, "address", "Sockets closed at once: too many of one address"),
    CONNECTIONS_REFUSED_ADDRESS_RATE(
            Family.SOCKETS_REFUSED, "address_rate", "Sockets closed at once: one address opens them too fast"),
    CONNECTIONS_REFUSED_ADDRESS_LOGINS(
            Family.SOCKETS_REFUSED, "address_logins", "Sockets closed at once: too many logins of the address failed"),
    CONNECTIONS_REFUSED_DENIED(Family.SOCKETS_REFUSED, "denied", "Sockets closed at once: network denied"),
    CONNECTIONS_REFUSED_MEMORY(Family.SOCKETS_REFUSED, "memory", "Sockets closed at once: memory is short"),
    CONNECTIONS_SHED(Family.ENDED, "memory", "Connections ended: memory is short, and they held most"),
    HANDSHAKES_SHED(Family.ENDED, "handshakes", "Sockets closed before their login: too many are not logged in"),
    HANDSHAKE_BYTES_SHED(
            Family.ENDED, "handshake_bytes", "Sockets closed before their login: those not logged in hold too much"),
    HANDSHAKES_TOO_LARGE(Family.ENDED, "handshake_too_large", "Sockets closed before their login: they sent too much"),
    LOGINS_FAILED_CLIENT_ID(Family.LOGINS_FAILED, "client_id", "Failed logins: invalid client id"),
    LOGINS_FAILED_CREDENTIALS(Family.LOGINS_FAILED, "credentials", "Failed logins: user name or token not accepted"),
    LOGINS_FAILED_NOT_AUTHORIZED(
            Family.LOGINS_FAILED, "not_authorized", "Failed logins: good credentials that are not for this client"),
    LOGINS_FAILED_BANNED(Family.LOGINS_FAILED, "banned", "Failed logins: the user is disabled or deleted"),
    CLIENTS_MOVED_AWAY(Family.ENDED, "draining", "Connections ended because the gate drains"),
    ORIGINS_REFUSED("gate_origins_refused_total", "WebSockets refused: asked for by a page of another origin"),
    SESSIONS_TAKEN_OVER(Family.ENDED, "taken_over", "Connections ended by a newer one with the same client id"),
    PUBLISHES("gate_publishes_total", "PUBLISH packets passed to the node"),
    PUBLISHES_GENERIC("gate_publishes_generic_total", "PUBLISH packets passed to Moquette"),
    PUBLISHES_ACKNOWLEDGED("gate_publishes_acknowledged_total", "PUBACKs written"),
    PUBLISHES_REFUSED("gate_publishes_refused_total", "PUBLISH packets to topics the client may not use"),
    PUBLISHES_QOS_2_REFUSED("gate_publishes_qos2_refused_total", "PUBLISH packets at QoS 2 on topics of the node"),
    PUBLISHES_RETAIN_IGNORED("gate_publishes_retain_ignored_total", "RETAIN flags ignored on topics of the node"),
    PUBLISHES_TIMED_OUT(Family.ENDED, "publish_timeout", "Connections ended because the node did not answer a publish"),
    PUBLISHES_UNANSWERED(
            Family.ENDED, "publish_unanswered", "Connections the node ended instead of answering a publish"),
    TOPIC_ALIASES_REFUSED("gate_topic_aliases_refused_total", "PUBLISH packets with a topic alias"),
    PAYLOADS_INVALID(
            "gate_payloads_invalid_total",
            "PUBLISH packets with payload format indicator 1 whose payload is" + " not UTF-8"),
    SUBSCRIBES("gate_subscribes_total", "SUBSCRIBE and UNSUBSCRIBE packets"),
    FILTERS_REFUSED_MALFORMED(Family.FILTERS_REFUSED, "malformed", "Filters refused: not well formed"),
    FILTERS_REFUSED_LEVELS(Family.FILTERS_REFUSED, "topic_levels", "Filters refused: too deep"),
    FILTERS_REFUSED_BYTES(Family.FILTERS_REFUSED, "topic_bytes", "Filters refused: too long"),
    FILTERS_REFUSED_CONNECTION(
            Family.FILTERS_REFUSED, "connection", "Filters refused: their connection has as many as it may"),
    FILTERS_REFUSED_PACKET(Family.FILTERS_REFUSED, "packet", "Filters refused: too many in one packet"),
    FILTERS_REFUSED_SHARED(Family.FILTERS_REFUSED, "shared", "Filters refused: shared subscriptions"),
    FILTERS_REFUSED_NOT_AUTHORIZED(
            Family.FILTERS_REFUSED, "not_authorized", "Filters refused: topics that are not for this client"),
    FILTERS_REFUSED_NODE(Family.FILTERS_REFUSED, "node", "Filters refused by the node, or by Moquette"),
    DELIVERIES("gate_deliveries_total", "PUBLISH packets pushed to clients"),
    DELIVERIES_ACKNOWLEDGED("gate_deliveries_acknowledged_total", "PUBACKs of clients for pushed packets"),
    DELIVERIES_UNSUBSCRIBED("gate_deliveries_unsubscribed_total", "Pushes not sent: no filter for the topic"),
    DELIVERIES_TOO_LARGE("gate_deliveries_too_large_total", "Pushes not sent: above the client's Maximum Packet Size"),
    ANSWERS_TOO_LARGE(
            Family.ENDED,
            "answer_too_large",
            "Connections ended: an answer would be above the client's Maximum Packet Size"),
    DELIVERIES_HELD("gate_deliveries_held_total", "Pushes that waited for space in the client's window"),
    NOTICES_DROPPED("gate_notices_dropped_total", "Best-effort pushes dropped: the client does not read fast enough"),
    ACKNOWLEDGEMENTS_UNKNOWN("gate_acknowledgements_unknown_total", "Acknowledgements of clients for unknown ids"),
    ACKNOWLEDGEMENTS_TIMED_OUT(Family.ENDED, "acknowledgement_timeout", "Connections ended: delivery not acknowledged"),
    PACKET_ID_COLLISIONS(Family.ENDED, "packet_id_collision", "Connections ended: Moquette took an id of the gate"),
    PACKETS_MALFORMED(Family.ENDED, "malformed_packet", "Connections ended: malformed packet"),
    PROTOCOL_ERRORS(Family.ENDED, "protocol_error", "Connections ended: packet not allowed here"),
    PACKETS_TOO_LARGE(Family.ENDED, "packet_too_large", "Connections ended: packet above the limit"),
    TOPICS_TOO_DEEP(Family.ENDED, "topic_levels", "Connections ended: the topic of a PUBLISH has too many levels"),
    TOPICS_TOO_LONG(Family.ENDED, "topic_bytes", "Connections ended: the topic of a PUBLISH is too long"),
    RECEIVE_MAXIMUM_EXCEEDED(
            Family.ENDED, "receive_maximum", "Connections ended: more publishes at QoS 2 than Receive Maximum allows"),
    PACKETS_AFTER_END("gate_packets_after_end_total", "Packets dropped after DISCONNECT or an error"),
    KEEP_ALIVE_TIMEOUTS(Family.ENDED, "keep_alive_timeout", "Connections ended for silence"),
    READS_PAUSED_UNANSWERED(
            Family.READS_PAUSED, "unanswered", "Times the gate stopped reading a socket: too many publishes wait"),
    READS_PAUSED_UNSENT(
            Family.READS_PAUSED, "unsent", "Times the gate stopped reading a socket: its client does not read"),
    READS_PAUSED_RATE(
            Family.READS_PAUSED, "rate", "Times the gate stopped reading a socket: it sends faster than allowed"),
    READS_PAUSED_COMMANDS(
            Family.READS_PAUSED, "commands", "Times the gate stopped reading a socket: Moquette has too many commands"),
    READS_PAUSED_NODE(
            Family.READS_PAUSED, "node", "Times the gate stopped reading a socket: the node is away or has too much"),
    READS_PAUSED_PACKET(
            Family.READS_PAUSED, "packet", "Times the gate stopped reading a socket: an earlier packet comes first"),
    READS_PAUSED_TOO_LONG(Family.ENDED, "paused_too_long", "Connections ended: not read for too long"),
    SLOW_READERS(Family.ENDED, "slow_reader", "Connections ended: too many unread bytes"),
    SLOW_ACKNOWLEDGERS(
            Family.ENDED, "held_deliveries", "Connections ended: too many deliveries wait for acknowledgements"),
    RATE_ENDED(Family.ENDED, "rate", "Connections ended: sent faster than allowed for too long"),
    RATE_PAUSES_CONNECTION_PACKETS(
            Family.RATE_PAUSES, "packets_per_connection", "Times a connection was slowed: it sent too many packets"),
    RATE_PAUSES_CONNECTION_BYTES(
            Family.RATE_PAUSES, "bytes_per_connection", "Times a connection was slowed: it sent too many bytes"),
    RATE_PAUSES_USER_PACKETS(
            Family.RATE_PAUSES, "packets_per_user", "Times a connection was slowed: its user sent too many packets"),
    RATE_PAUSES_USER_BYTES(
            Family.RATE_PAUSES, "bytes_per_user", "Times a connection was slowed: its user sent too many bytes"),
    RATE_PAUSES_ADDRESS_PACKETS(
            Family.RATE_PAUSES,
            "packets_per_address",
            "Times a connection was slowed: its address sent too many packets"),
    RATE_PAUSES_ADDRESS_BYTES(
            Family.RATE_PAUSES, "bytes_per_address", "Times a connection was slowed: its address sent too many bytes"),
    RATE_PAUSES_TOTAL_PACKETS(
            Family.RATE_PAUSES, "packets_total", "Times a connection was slowed: all clients sent too many packets"),
    RATE_PAUSES_TOTAL_BYTES(
            Family.RATE_PAUSES, "bytes_total", "Times a connection was slowed: all clients sent too many bytes"),
    GENERIC_ATTACHED("gate_generic_attached_total", "Connections that entered Moquette"),
    RETAINED_REFUSED_USER(
            Family.RETAINED_REFUSED, "user", "Retained messages refused: too many of that user or address"),
    RETAINED_REFUSED_TOTAL(Family.RETAINED_REFUSED, "total", "Retained messages refused: too many in all"),
    QUEUED_DROPPED_SESSION(Family.QUEUED_DROPPED, "session", "Messages dropped: too many wait for their session"),
    QUEUED_DROPPED_USER(
            Family.QUEUED_DROPPED, "user", "Messages dropped: too many wait for sessions of that user or address"),
    QUEUED_DROPPED_TOTAL(Family.QUEUED_DROPPED, "total", "Messages dropped: too many wait for all sessions together"),
    GENERIC_SESSIONS_REFUSED_USER(
            Family.SESSIONS_REFUSED, "user", "Sessions Moquette could not keep: too many of that user or address"),
    GENERIC_SESSIONS_REFUSED_TOTAL(
            Family.SESSIONS_REFUSED, "total", "Sessions Moquette could not keep: too many in all"),
    CONNECTIONS_RESUMED("gate_connections_resumed_total", "Connected clients that another node has taken over"),
    CONNECTIONS_GIVEN_UP(Family.ENDED, "no_host", "Connections ended because there was no node for too long"),
    PUBLISHES_ASKED_AGAIN(
            "gate_publishes_asked_again_total", "PUBLISH packets asked again, because the first node had not answered"),
    PUBLISHES_GIVEN_UP(
            "gate_publishes_given_up_total", "Connections ended: every node that was asked one publish has gone"),
    TASKS_FAILED("gate_tasks_failed_total", "Connections ended: a task of theirs failed with an exception"),
    NODE_FAILURES("gate_host_failures_total", "Questions to the node that failed with an exception");

    private final String metric;
    private final String help;
    private final String meaning;

    /** Counters of one metric, told apart by the label {@code reason}. */
    private enum Family {
        CONNECTS_REFUSED("gate_connects_refused_total", "CONNECTs refused, by reason"),
        ENDED("gate_connections_ended_total", "Connections the gate ended, by reason"),
        FILTERS_REFUSED("gate_filters_refused_total", "Filters refused by the node or by a rule, by reason"),
        LOGINS_FAILED("gate_logins_failed_total", "CONNECTs whose login the node did not accept, by reason"),
        RATE_PAUSES(
                "gate_rate_pauses_total", "Times a connection was slowed, by the limit of flood.traffic it exceeded"),
        READS_PAUSED("gate_reads_paused_total", "Times the gate stopped reading a socket, by reason"),
        RETAINED_REFUSED("gate_retained_refused_total", "Retained messages refused, by limit"),
        SESSIONS_REFUSED("gate_generic_sessions_refused_total", "Sessions Moquette could not keep, by limit"),
        QUEUED_DROPPED("gate_queued_dropped_total", "Messages for sessions of generic MQTT dropped, by limit"),
        SOCKETS_REFUSED("gate_sockets_refused_total", "Sockets closed before their first byte, by limit");

        private final String metric;
        private final String help;

        Family(String metric, String help) {
            this.metric = metric;
            this.help = help;
        }
    }

    GateCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
        this.meaning = help;
    }

    GateCounter(Family family, String reason, String meaning) {
        this.metric = family.metric + "{reason=\"" + reason + "\"}";
        this.help = family.help;
        this.meaning = meaning;
    }

    /** The counter for the reason with which the node refuses a CONNECT. */
    static GateCounter refused(ConnectRefusal reason) {
        return switch (reason) {
            case CLIENT_NOT_SUPPORTED -> CONNECTS_REFUSED_CLIENT;
            case CLIENT_IDENTIFIER_NOT_VALID -> CONNECTS_REFUSED_CLIENT_ID;
            case BAD_USER_NAME_OR_PASSWORD -> CONNECTS_REFUSED_CREDENTIALS;
            case NOT_AUTHORIZED -> CONNECTS_REFUSED_NOT_AUTHORIZED;
            case SERVER_UNAVAILABLE -> CONNECTS_REFUSED_UNAVAILABLE;
            case BANNED -> CONNECTS_REFUSED_BANNED;
            case BAD_AUTHENTICATION_METHOD -> CONNECTS_REFUSED_AUTHENTICATION;
            case QUOTA_EXCEEDED -> CONNECTS_REFUSED_QUOTA;
            case USE_ANOTHER_SERVER -> CONNECTS_REFUSED_DRAINING;
            case CONNECTION_RATE_EXCEEDED -> CONNECTS_REFUSED_TOO_SOON;
        };
    }

    /** The counter for a login that has failed, null if this reason is no fault of the client. */
    static GateCounter failedLogin(ConnectRefusal reason) {
        return switch (reason) {
            case CLIENT_IDENTIFIER_NOT_VALID -> LOGINS_FAILED_CLIENT_ID;
            case BAD_USER_NAME_OR_PASSWORD -> LOGINS_FAILED_CREDENTIALS;
            case NOT_AUTHORIZED -> LOGINS_FAILED_NOT_AUTHORIZED;
            case BANNED -> LOGINS_FAILED_BANNED;
            default -> null;
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

    /** What is counted, including this label. */
    public String meaning() {
        return meaning;
    }
}
