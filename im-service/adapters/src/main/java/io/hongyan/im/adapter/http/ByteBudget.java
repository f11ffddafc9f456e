package io.hongyan.im.adapter.http;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of bodies and answers that are held for clients, all together, so that slow ones cannot fill the memory. */
final class ByteBudget {
    private final long max;
    private final AtomicLong held = new AtomicLong();

    ByteBudget(long max) {
        this.max = max;
    }

    boolean take(int bytes) {
        if (held.addAndGet(bytes) <= max) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
