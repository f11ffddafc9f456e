package io.hongyan.broker.hook.grpc;

import io.hongyan.metrics.Counters;
import io.hongyan.runtime.FatalErrors;
import org.slf4j.Logger;

/** What ends a link, at either end. */
final class LinkFailure {
    /** Something that came over a link could not be handled, whatever the failure is; the caller ends the link. */
    static void unreadable(Counters<LinkCounter> counters, Logger log, String end, Throwable failure) {
        counters.increment(LinkCounter.BROKEN);
        log.error("A message of a {} could not be handled; the link is closed", end, failure);
        FatalErrors.escalate(failure);
    }

    private LinkFailure() {}
}
