package io.hongyan.broker.server;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tasks of other threads for one event loop. However many are posted between two turns of the loop, they cost it one
 * task and one wake-up: only the first one schedules.
 *
 * <p>Its length is bounded by its writers: unanswered publishes per connection and the node's delivery windows.
 */
final class Mailbox {
    private final AtomicReference<Mail> newest = new AtomicReference<>();
    private final GateLoop loop;

    Mailbox(GateLoop loop) {
        this.loop = loop;
    }

    void post(Mail mail) {
        post(mail, mail);
    }

    /** Posts a chain whose {@code next} leads from the newest mail to the oldest. */
    void post(Mail last, Mail first) {
        Mail before;
        do {
            before = newest.get();
            first.next = before;
        } while (!newest.compareAndSet(before, last));
        if (before == null) {
            try {
                loop.schedule();
            } catch (RejectedExecutionException stopped) {
                // The event loop has ended with all its connections: there is no receiver.
                newest.set(null);
            }
        }
    }

    /** Takes all mail, oldest first. */
    Mail takeAll() {
        Mail mail = newest.getAndSet(null);
        Mail ordered = null;
        while (mail != null) {
            Mail older = mail.next;
            mail.next = ordered;
            ordered = mail;
            mail = older;
        }
        return ordered;
    }
}
