package io.hongyan.broker.hook;

import java.util.concurrent.CompletionStage;

/**
 * What a broker is told about a host at the other end of a link. Calls come one at a time, from any thread, and do not
 * block. A broker whose host is in the same JVM is told nothing.
 */
public interface HostPresence {
    /**
     * There is no host: what it was asked will not be answered. New clients are refused; those that are connected stay, and
     * what they send waits. Harmless where there was none before.
     *
     * @return completes when the broker asks and tells nothing any more
     */
    CompletionStage<Void> away();

    /** There is one, after {@link #away} has completed: each connected client is announced with {@link BrokerHook#resuming}. */
    void back();

    /** There was none for too long: the clients are sent elsewhere. */
    void givenUp();

    /** So much waits on its way to the host that clients are not to be read where that would add to it. */
    void full();

    /** There is room again. */
    void roomy();
}
