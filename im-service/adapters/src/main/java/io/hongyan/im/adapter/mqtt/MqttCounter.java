package io.hongyan.im.adapter.mqtt;

import io.hongyan.metrics.Counter;

/** What the MQTT adapter counts; the names are those of the metrics page. */
public enum MqttCounter implements Counter {
    CONNECTS_CLIENT_ID_REFUSED(Family.CONNECTS_REFUSED, "client_id", "CONNECTs whose client id is not of the form"),
    CONNECTS_CERTIFICATE_REFUSED(
            Family.CONNECTS_REFUSED, "certificate", "CONNECTs whose certificate belongs to another user"),
    CONNECTS_TOKEN_REFUSED(Family.CONNECTS_REFUSED, "token", "CONNECTs with a missing, forged or expired token"),
    CONNECTS_NOT_ALLOWED(Family.CONNECTS_REFUSED, "device", "CONNECTs with a token for another device or platform"),
    CONNECTS_BARRED(Family.CONNECTS_REFUSED, "barred", "CONNECTs of disabled or deleted users"),
    CONNECTS_RETURN_TOO_SOON(
            Family.CONNECTS_REFUSED, "return_too_soon", "CONNECTs of devices that another one displaced just before"),
    CONNECTS_WILL_REFUSED(Family.CONNECTS_REFUSED, "will", "CONNECTs with a will to a topic of somebody else"),
    CONNECTS_DEVICES_ONLINE(
            Family.CONNECTS_REFUSED, "devices_online", "CONNECTs of a new device of a user whose kept ones are online"),
    CONNECTS_VERSION_REFUSED(
            Family.CONNECTS_REFUSED,
            "version",
            "CONNECTs of clients with a version of the protocol that is not supported"),
    CONNECTS_UNAVAILABLE(Family.CONNECTS_REFUSED, "unavailable", "CONNECTs refused as the service could not answer"),
    RESUMED("mqtt_resumed_total", "Sessions opened again for clients that stayed connected to their gate"),
    RESUMES_REFUSED("mqtt_resumes_refused_total", "Announced clients closed: announced with what no node has given"),
    RESUMES_OUTDATED("mqtt_resumes_outdated_total", "Announced clients closed: the data may have another epoch now"),
    RESUMES_FAILED("mqtt_resumes_failed_total", "Announced clients closed as their session could not be opened"),
    FILTERS_FOREIGN(Family.FILTERS_REFUSED, "foreign", "Filters refused: not the client's own topics"),
    FILTERS_FORM_MIXED(Family.FILTERS_REFUSED, "form_mixed", "Filters refused: the device uses the other form"),
    FILTERS_MALFORMED(Family.FILTERS_REFUSED, "malformed", "Filters refused: not well formed"),
    REQUESTS_MALFORMED("mqtt_requests_malformed_total", "Requests whose payload does not parse or lacks a field"),
    REQUESTS_FAILED(
            "mqtt_requests_failed_total", "Requests refused as handling them failed, by a mistake of the server"),
    REQUESTS_FORM_MIXED("mqtt_requests_form_mixed_total", "Requests refused: the device uses the other form"),
    REQUESTS_UNKNOWN_TOPIC("mqtt_requests_unknown_topic_total", "Publishes to messaging topics that take none"),
    REQUESTS_UNKNOWN_METHOD("mqtt_requests_unknown_method_total", "Calls of a method that does not exist"),
    REQUESTS_GROUP_CHANGE(
            "mqtt_requests_group_change_total",
            "Messages refused: changes of groups or messages, which only the server writes"),
    REQUESTS_VERSION_REFUSED(
            "mqtt_requests_version_refused_total",
            "Requests of clients with a version of the protocol that is not supported"),
    UPDATES_ASKED("mqtt_updates_asked_total", "Notices update to clients with an old version of the protocol"),
    REQUESTS_REFUSED("mqtt_requests_refused_total", "Requests refused for whatever reason"),
    REQUESTS_UNANSWERED("mqtt_requests_unanswered_total", "Requests not answered: their connection was closed"),
    CALLS("mqtt_calls_total", "Calls of im/call methods that exist"),
    INBOX_STARTS_FAILED("mqtt_inbox_starts_failed_total", "Connections closed as their inbox could not be read");

    private final String metric;
    private final String help;
    private final String meaning;

    /** Counters of one metric, told apart by the label {@code reason}. */
    private enum Family {
        CONNECTS_REFUSED("mqtt_connects_refused_total", "Logins refused, by reason"),
        FILTERS_REFUSED("mqtt_filters_refused_total", "Filters refused, by reason");

        private final String metric;
        private final String help;

        Family(String metric, String help) {
            this.metric = metric;
            this.help = help;
        }
    }

    MqttCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
        this.meaning = help;
    }

    MqttCounter(Family family, String reason, String meaning) {
        this.metric = family.metric + "{reason=\"" + reason + "\"}";
        this.help = family.help;
        this.meaning = meaning;
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String help() {
        return help;
    }

    /** What is counted, this label included. */
    public String meaning() {
        return meaning;
    }
}
