package io.hongyan.im.core.session;

import io.hongyan.metrics.Counter;

/** What sessions count; the names are those of the metrics page. */
public enum SessionCounter implements Counter {
    SESSIONS_OPENED("messaging_sessions_opened_total", "Logins that opened a session"),
    SESSIONS_UNWANTED("messaging_sessions_unwanted_total", "Logins given up: their connection had ended"),
    SESSIONS_CLOSED("messaging_sessions_closed_total", "Sessions closed"),
    SESSIONS_KICKED("messaging_sessions_kicked_total", "Sessions ended by a login of the same kind of device"),
    SESSIONS_REPLACED("messaging_sessions_replaced_total", "Sessions ended by a login of the same device"),
    SESSIONS_THROWN_OUT("messaging_sessions_thrown_out_total", "Sessions ended by an operator"),
    LOGINS_REFUSED(
            "messaging_logins_refused_total",
            "Logins refused: the user is disabled or deleted, or the token was revoked"),
    SIGNALS_SENT("messaging_signals_sent_total", "Signals such as typing sent on");

    private final String metric;
    private final String help;

    SessionCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
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
