package io.hongyan.broker.hook;

import java.util.concurrent.CompletionStage;

/**
 * What a broker is told about a node at the other end of a link. Calls come one at a time, from any thread, and do not
 * block. A broker with its node in the same JVM is not called.
 */
public interface NodePresence {
    /**
     * There is no node: open questions will not be answered. New clients are refused; connected ones stay, and what
     * they send waits. Does nothing if there was no node before.
     *
     * @return completes when the broker has stopped its calls to the node
     */
    CompletionStage<Void> away();

    /**
     * There is a node, after {@link #away} has completed: each connected client is announced with
     * {@link BrokerHook#resuming}.
     */
    void back();

    /** There was no node for too long: the clients are sent elsewhere. */
    void givenUp();

    /** So many bytes wait to be sent to the node that clients must not be read if that would add to them. */
    void full();

    /** There is space again. */
    void roomy();
}
