package io.hongyan.im.adapter.rocketmq;

/** Closes clients of RocketMQ, which may take long if it does not answer. */
final class Closing {
    private Closing() {}

    /** Waits for the end at most so long; after that it continues in the background. */
    static void close(Runnable shutdown, long millisMax) {
        Thread closing = daemon(shutdown, "rocketmq-close");
        closing.start();
        try {
            closing.join(millisMax);
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
