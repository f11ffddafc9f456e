package io.hongyan.im.core.push;

import io.hongyan.metrics.Counter;

/** What pushes count; the names are those of the metrics page. */
public enum PushCounter implements Counter {
    SUBMITTED("pushes_submitted_total", "Pushes taken"),
    REPEATED("pushes_repeated_total", "Pushes that had been taken before"),
    REFUSED("pushes_refused_total", "Pushes refused"),
    FINISHED("pushes_finished_total", "Pushes finished"),
    STORED("push_users_stored_total", "Users a push was stored for"),
    ONLINE("push_users_online_total", "Online-only pushes: users who were online"),
    OFFLINE("push_users_offline_total", "Online-only pushes: users who were not online"),
    UNKNOWN("push_users_unknown_total", "Users of pushes who do not exist"),
    MESSAGES_TAKEN("push_messages_taken_total", "Pushes read from RocketMQ"),
    MESSAGES_REFUSED("push_messages_refused_total", "Pushes read from RocketMQ that are not well formed"),
    MESSAGES_PUT_OFF(
            "push_messages_put_off_total", "Pushes read from RocketMQ and put off, as too many pushes are open"),
    PAGES_FAILED("push_pages_failed_total", "Pages of users of a push that failed and are tried again"),
    LEASES_LOST("push_leases_lost_total", "Pushes that another node took over");

    private final String metric;
    private final String help;

    PushCounter(String metric, String help) {
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
