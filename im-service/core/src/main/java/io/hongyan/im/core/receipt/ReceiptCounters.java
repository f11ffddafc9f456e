package io.hongyan.im.core.receipt;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What receipts count. Any thread may add; whoever publishes metrics reads. */
public final class ReceiptCounters {
    public final LongAdder marksWritten = new LongAdder();
    public final LongAdder marksDropped = new LongAdder();
    public final LongAdder receiptsSent = new LongAdder();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("marks_written_total", marksWritten.sum());
        consumer.accept("marks_dropped_total", marksDropped.sum());
        consumer.accept("receipts_sent_total", receiptsSent.sum());
    }
}
