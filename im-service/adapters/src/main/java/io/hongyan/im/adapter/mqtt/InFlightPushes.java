package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.inbox.EntryStream;
import java.util.Arrays;

/**
 * What each push of one connection was, until the client has acknowledged it: the broker reports one rising token for all
 * streams together. Its length is bounded by the delivery window, as that of the broker is. While nothing is in flight it
 * holds no arrays.
 */
final class InFlightPushes {
    private static final int FIRST_CAPACITY = 8;
    private static final EntryStream[] NO_STREAMS = {};
    private static final long[] NO_NUMBERS = {};

    private EntryStream[] streams = NO_STREAMS;
    private long[] numbers = NO_NUMBERS;
    private int head;
    private int size;
    /** Token of the next push. */
    private long next;

    /** @return the token of the push, which is to be handed to the broker before that of the next one */
    synchronized long add(EntryStream stream, long seq) {
        if (size == streams.length) {
            grow();
        }
        int index = head + size & streams.length - 1;
        streams[index] = stream;
        numbers[index] = seq;
        size++;
        return next++;
    }

    /**
     * Everything up to this token is acknowledged. Each stream is told itself: one that has been stopped passes over it, so
     * what was pushed before a stream began anew moves no cursor.
     */
    void acknowledged(long token) {
        for (Run run = take(token); run != null; run = take(token)) {
            // Without the monitor: the stream may push what has room now.
            run.stream.acknowledged(run.seq);
        }
    }

    private record Run(EntryStream stream, long seq) {}

    /** Takes out the first pushes up to that token that are of one stream; null where there are none. */
    private synchronized Run take(long token) {
        EntryStream stream = null;
        long seq = 0;
        while (size > 0 && next - size <= token && (stream == null || streams[head] == stream)) {
            stream = streams[head];
            seq = numbers[head];
            streams[head] = null;
            head = head + 1 & streams.length - 1;
            size--;
        }
        if (size == 0) {
            streams = NO_STREAMS;
            numbers = NO_NUMBERS;
            head = 0;
        }
        return stream == null ? null : new Run(stream, seq);
    }

    private void grow() {
        int capacity = Math.max(FIRST_CAPACITY, streams.length * 2);
        EntryStream[] newStreams = Arrays.copyOf(streams, capacity);
        long[] newNumbers = Arrays.copyOf(numbers, capacity);
        for (int i = 0; i < size; i++) {
            int from = head + i & streams.length - 1;
            newStreams[i] = streams[from];
            newNumbers[i] = numbers[from];
        }
        streams = newStreams;
        numbers = newNumbers;
        head = 0;
    }
}
