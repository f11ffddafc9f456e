package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import java.util.HashMap;
import java.util.Map;

/** P4 of inboxes: what devices were pushed and what they pulled, beside what is stored. */
final class InboxChecker {
    private final EndState end;
    private final Map<ConnectionKey, Push> pushes = new HashMap<>();
    private final OwnSends ownSends = new OwnSends();
    private int pushed;

    /** The push of an inbox to one subscription. */
    private static final class Push {
        private final Recorded.Subscribed subscribed;
        private long last = -1;

        Push(Recorded.Subscribed subscribed) {
            this.subscribed = subscribed;
        }
    }

    InboxChecker(EndState end) {
        this.end = end;
    }

    int pushed() {
        return pushed;
    }

    void subscribed(Recorded.Subscribed subscribed) {
        pushes.put(subscribed.connection(), new Push(subscribed));
    }

    void published(Recorded.Published message) {
        ownSends.published(MessageKey.of(message), pushes.get(message.connection()));
    }

    void answered(Recorded.Answered answer) {
        // Where the answer names no place, the entry has to come.
        if (answer.outcome() instanceof SendOutcome.Stored stored && stored.inboxSeq() > 0) {
            ownSends.answered(answer.connection(), MessageKey.of(answer));
        }
    }

    void checkOwnSends() {
        ownSends.check(end);
    }

    void checkPush(long at, Recorded.Pushed push) {
        pushed++;
        Push stream = pushes.get(push.connection());
        String where = push.connection() + " " + push.device() + " " + RunHistory.inWords(push.entry());
        checkContent(at, push.device(), push.entry());
        long seq = push.entry().seq();
        if (stream.last == -1) {
            if (seq <= stream.subscribed.knownCursor()) {
                end.violated("P4", at, where + ": the cursor was " + stream.subscribed.knownCursor());
            }
            stream.last = Math.max(0, push.startsAtMost());
        } else if (seq <= stream.last) {
            end.violated("P4", at, where + ": comes after " + stream.last);
        }
        if (!trimmed(push.entry())) {
            for (long hole = stream.last + 1; hole < seq; hole++) {
                if (!isOwnSend(push.device(), hole)) {
                    end.violated("P4", at, where + ": " + hole + " is left out");
                }
            }
        }
        stream.last = seq;
        if (push.entry() instanceof Entry.OfMessage of) {
            ownSends.pushed(push.connection(), MessageKey.of(of.message()), stream, where);
        }
    }

    /** On the connection itself; before the first entry, on any connection of the device. */
    private boolean isOwnSend(DeviceKey device, long seq) {
        return end.storage().entryAt(device.uid(), seq) instanceof Entry.OfMessage of
                && World.wrote(device, of.message());
    }

    private static boolean trimmed(Entry entry) {
        return entry instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed;
    }

    private void checkContent(long at, DeviceKey device, Entry entry) {
        if (entry instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed trimmed) {
            boolean isGone = trimmed.from() <= end.storage().oldest(device.uid())
                    || end.storage().devices().skipped(device, trimmed.from() - 1);
            if (!isGone || entry.seq() != trimmed.from() - 1) {
                end.violated("P4", at, entry + " at " + device + ": nothing was trimmed");
            }
        } else if (!isOrWas(entry, end.storage().entryAt(device.uid(), entry.seq()))) {
            end.violated("P4", at, entry + " at " + device + " is not what is stored");
        }
    }

    /** A message may have been changed since. */
    private boolean isOrWas(Entry given, Entry stored) {
        return given instanceof Entry.OfMessage of && stored instanceof Entry.OfMessage there
                ? of.message().seq() == there.message().seq()
                        && of.message().conversation().equals(there.message().conversation())
                        && end.storage().changes().stoodSince(0, of.message())
                : given.equals(stored);
    }

    void checkPull(long at, Recorded.Pulled pulled) {
        long last = pulled.afterSeq();
        for (Entry entry : pulled.page().entries()) {
            checkContent(at, pulled.device(), entry);
            if (entry.seq() <= last || (entry.seq() != last + 1 && !trimmed(entry))) {
                end.violated("P4", at, "pull after " + pulled.afterSeq() + " gave " + entry.seq() + " after " + last);
            }
            last = entry.seq();
        }
        long head = pulled.page().headSeq();
        if (pulled.page().entries().isEmpty() && pulled.afterSeq() < head) {
            end.violated("P4", at, "pull after " + pulled.afterSeq() + " gave nothing of " + head);
        }
    }
}
