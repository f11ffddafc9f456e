package io.hongyan.im.adapter.mqtt;

/** What the MQTT adapter counts; the names are those of the metrics page. */
public enum MqttCounter {
    CONNECTS_CLIENT_ID_REFUSED("mqtt_connects_client_id_refused_total", "CONNECTs whose client id is not of the form"),
    CONNECTS_TOKEN_REFUSED("mqtt_connects_token_refused_total", "CONNECTs with a missing, forged or expired token"),
    CONNECTS_NOT_ALLOWED("mqtt_connects_not_allowed_total", "CONNECTs with a token for another device or platform"),
    CONNECTS_BARRED("mqtt_connects_barred_total", "CONNECTs of disabled or deleted users"),
    CONNECTS_WILL_REFUSED("mqtt_connects_will_refused_total", "CONNECTs with a will to a topic of somebody else"),
    CONNECTS_UNAVAILABLE("mqtt_connects_unavailable_total", "CONNECTs refused as the service could not answer"),
    RESUMED("mqtt_resumed_total", "Sessions opened again for clients that stayed connected to their gate"),
    RESUMES_REFUSED("mqtt_resumes_refused_total", "Announced clients closed: announced with what no node has given"),
    RESUMES_FAILED("mqtt_resumes_failed_total", "Announced clients closed as their session could not be opened"),
    FILTERS_FOREIGN("mqtt_filters_foreign_total", "Filters refused: not the client's own topics"),
    FILTERS_FORM_MIXED("mqtt_filters_form_mixed_total", "Filters refused: the device uses the other form"),
    FILTERS_MALFORMED("mqtt_filters_malformed_total", "Filters refused: not well formed"),
    REQUESTS_MALFORMED("mqtt_requests_malformed_total", "Requests whose payload does not parse or lacks a field"),
    REQUESTS_FAILED(
            "mqtt_requests_failed_total", "Requests refused as handling them failed, by a mistake of the server"),
    REQUESTS_FORM_MIXED("mqtt_requests_form_mixed_total", "Requests refused: the device uses the other form"),
    REQUESTS_UNKNOWN_TOPIC("mqtt_requests_unknown_topic_total", "Publishes to messaging topics that take none"),
    REQUESTS_UNKNOWN_METHOD("mqtt_requests_unknown_method_total", "Calls of a method that does not exist"),
    REQUESTS_GROUP_CHANGE(
            "mqtt_requests_group_change_total", "Messages refused: changes of groups, which only the server writes"),
    REQUESTS_REFUSED("mqtt_requests_refused_total", "Requests refused for whatever reason"),
    REQUESTS_UNANSWERED("mqtt_requests_unanswered_total", "Requests not answered: their connection was closed"),
    CALLS("mqtt_calls_total", "Calls of im/call methods that exist"),
    INBOX_STARTS_FAILED("mqtt_inbox_starts_failed_total", "Connections closed as their inbox could not be read");

    private final String metric;
    private final String help;

    MqttCounter(String metric, String help) {
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
