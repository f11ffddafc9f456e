package io.hongyan.im.adapter.rocketmq;

/** Ends clients of RocketMQ, which may take long where it does not answer. */
final class Closing {
    private static final long CLOSE_MILLIS_MAX = 5_000;

    private Closing() {}

    /** Waits for the end at most some seconds; after that it goes on by itself. */
    static void close(Runnable shutdown) {
        Thread closing = daemon(shutdown, "rocketmq-close");
        closing.start();
        try {
            closing.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
