package io.hongyan.im.core.session;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What sessions count. Any thread may add; whoever publishes metrics reads. */
public final class SessionCounters {
    public final LongAdder sessionsOpened = new LongAdder();
    public final LongAdder sessionsUnwanted = new LongAdder();
    public final LongAdder sessionsClosed = new LongAdder();
    public final LongAdder sessionsKicked = new LongAdder();
    public final LongAdder sessionsReplaced = new LongAdder();
    /** Ended because of an operator, or because the token has ended. */
    public final LongAdder sessionsThrownOut = new LongAdder();
    /** With a good token: the user is barred, or the token revoked, or the device comes back too soon. */
    public final LongAdder loginsRefused = new LongAdder();

    public final LongAdder signalsSent = new LongAdder();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("sessions_opened_total", sessionsOpened.sum());
        consumer.accept("sessions_unwanted_total", sessionsUnwanted.sum());
        consumer.accept("sessions_closed_total", sessionsClosed.sum());
        consumer.accept("sessions_kicked_total", sessionsKicked.sum());
        consumer.accept("sessions_replaced_total", sessionsReplaced.sum());
        consumer.accept("sessions_thrown_out_total", sessionsThrownOut.sum());
        consumer.accept("logins_refused_total", loginsRefused.sum());
        consumer.accept("signals_sent_total", signalsSent.sum());
    }
}
