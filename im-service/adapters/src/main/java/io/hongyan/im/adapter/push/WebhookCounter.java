package io.hongyan.im.adapter.push;

import io.hongyan.metrics.Counter;

/** What the webhook counts; the names are those of the metrics page. */
public enum WebhookCounter implements Counter {
    ACCEPTED("webhook_hints_accepted_total", "Hints that the webhook has accepted"),
    OVERFLOWED("webhook_hints_overflowed_total", "Hints for the webhook dropped, as too many wait"),
    GIVEN_UP("webhook_hints_given_up_total", "Hints for the webhook dropped after the last attempt"),
    ATTEMPTS("webhook_requests_total", "Requests to the webhook"),
    REDIRECTS("webhook_redirects_total", "Answers of the webhook with a redirect, which is not followed"),
    REFUSALS("webhook_refusals_total", "Answers 4xx of the webhook"),
    FAILURES("webhook_failures_total", "Requests to the webhook without an answer, or answered 5xx"),
    PAUSES("webhook_pauses_total", "Times that sending to the webhook paused after failures");

    private final String metric;
    private final String help;

    WebhookCounter(String metric, String help) {
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
