package io.hongyan.im.adapter.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads bodies, and gives up those that trickle in: they would hold a thread each. What counts is the rate over the whole
 * body, after some seconds: a body that is long there must not seem slow because this thread had to wait for a processor.
 */
final class BodyReader {
    private static final long BYTES_PER_SECOND_MIN = 512;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int FIRST_BYTES = 4_096;

    private final int bytesMax;
    private final LongSupplier nanoClock;

    BodyReader(int bytesMax, LongSupplier nanoClock) {
        this.bytesMax = bytesMax;
        this.nanoClock = nanoClock;
    }

    /**
     * The body, or the first byte too many with what is before it.
     *
     * @param length below 0 where it is not known
     * @throws IOException it ended early, or came too slowly
     */
    byte[] read(InputStream in, long length) throws IOException {
        int wanted = (int) Math.min(length < 0 ? Long.MAX_VALUE : length, bytesMax + 1L);
        long from = nanoClock.getAsLong();
        byte[] body = new byte[Math.min(wanted, FIRST_BYTES)];
        int read = 0;
        while (read < wanted) {
            if (read == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(wanted, 2L * body.length));
            }
            int more = in.read(body, read, body.length - read);
            if (more < 0) {
                if (length >= 0) {
                    throw new IOException("the body ended early");
                }
                break;
            }
            read += more;
            long nanos = nanoClock.getAsLong() - from;
            if (read < wanted
                    && nanos > GRACE_NANOS
                    && read < BYTES_PER_SECOND_MIN * TimeUnit.NANOSECONDS.toSeconds(nanos)) {
                throw new IOException("the body came too slowly");
            }
        }
        return read == body.length ? body : Arrays.copyOf(body, read);
    }
}
