package io.hongyan.im.core.push;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What pushes count since the server started. Any thread may add; whoever publishes metrics reads. */
public final class PushCounters {
    final LongAdder submitted = new LongAdder();
    final LongAdder repeated = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder finished = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder online = new LongAdder();
    final LongAdder offline = new LongAdder();
    final LongAdder unknown = new LongAdder();
    final LongAdder messagesTaken = new LongAdder();
    final LongAdder messagesRefused = new LongAdder();
    final LongAdder messagesPutOff = new LongAdder();
    final LongAdder pagesFailed = new LongAdder();
    final LongAdder leasesLost = new LongAdder();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("pushes_submitted_total", submitted.sum());
        consumer.accept("pushes_repeated_total", repeated.sum());
        consumer.accept("pushes_refused_total", refused.sum());
        consumer.accept("pushes_finished_total", finished.sum());
        consumer.accept("push_users_stored_total", stored.sum());
        consumer.accept("push_users_online_total", online.sum());
        consumer.accept("push_users_offline_total", offline.sum());
        consumer.accept("push_users_unknown_total", unknown.sum());
        consumer.accept("push_messages_taken_total", messagesTaken.sum());
        consumer.accept("push_messages_refused_total", messagesRefused.sum());
        consumer.accept("push_messages_put_off_total", messagesPutOff.sum());
        consumer.accept("push_pages_failed_total", pagesFailed.sum());
        consumer.accept("push_leases_lost_total", leasesLost.sum());
    }
}
