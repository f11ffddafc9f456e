package io.hongyan.im.core.hint;

import io.hongyan.metrics.Counter;

/** What hints count; the names are those of the metrics page. */
public enum HintCounter implements Counter {
    TIMED("hint_timers_started_total", "Users timed for a hint"),
    NOT_TIMED("hint_timers_refused_total", "Users not timed for a hint: too many are"),
    DELIVERED("hint_timers_delivered_total", "Timers of hints ended, as the message was delivered"),
    LOOKUPS("hint_lookups_total", "Looks into the storage for a user whose time has come"),
    FAILED("hint_lookups_failed_total", "Looks into the storage for a user whose time has come that failed"),
    KNOWN("hints_known_already_total", "Hints not given: the same was hinted before"),
    GIVEN("hints_given_total", "Hints given to the webhook");

    private final String metric;
    private final String help;

    HintCounter(String metric, String help) {
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
