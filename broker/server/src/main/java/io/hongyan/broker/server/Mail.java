package io.hongyan.broker.server;

import io.hongyan.runtime.FatalErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task for an event loop. Each is posted once; it is its own queue entry. A failure ends only the connection it is
 * for.
 */
abstract class Mail implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Mail.class);

    Mail next;

    /** The connection that a failure ends; null if it is for none. */
    abstract Connection connection();

    /** Called on the event loop it was posted to. */
    abstract void deliver();

    /** Never throws. */
    @Override
    public final void run() {
        try {
            deliver();
        } catch (Throwable failure) {
            Connection connection = connection();
            if (connection == null) {
                LOG.error("A task of an event loop failed", failure);
                FatalErrors.escalate(failure);
            } else {
                connection.taskFailed(failure);
            }
        }
    }
}
