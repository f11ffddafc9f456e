package io.hongyan.im.core.send;

/** Waits between two attempts. */
@FunctionalInterface
public interface Pause {
    void forMillis(long millis) throws InterruptedException;
}
