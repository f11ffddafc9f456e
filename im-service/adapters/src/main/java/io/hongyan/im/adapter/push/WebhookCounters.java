package io.hongyan.im.adapter.push;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** Counters of the webhook since the server started. */
public final class WebhookCounters {
    final LongAdder accepted = new LongAdder();
    final LongAdder overflowed = new LongAdder();
    final LongAdder givenUp = new LongAdder();
    final LongAdder attempts = new LongAdder();
    final LongAdder redirects = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder pauses = new LongAdder();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("webhook_hints_accepted_total", accepted.sum());
        consumer.accept("webhook_hints_overflowed_total", overflowed.sum());
        consumer.accept("webhook_hints_given_up_total", givenUp.sum());
        consumer.accept("webhook_requests_total", attempts.sum());
        consumer.accept("webhook_redirects_total", redirects.sum());
        consumer.accept("webhook_refusals_total", refusals.sum());
        consumer.accept("webhook_failures_total", failures.sum());
        consumer.accept("webhook_pauses_total", pauses.sum());
    }
}
