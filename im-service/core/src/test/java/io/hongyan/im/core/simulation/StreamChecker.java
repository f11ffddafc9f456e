package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * P4 of large groups: each device that takes their streams is sent exactly the entries of its user's memberships after
 * the change to large, in order, from its cursor on.
 */
final class StreamChecker {
    private final EndState end;
    private final int backlogMax;
    /** The newest beginning of each connection. */
    private final Map<ConnectionKey, Recorded.TakesGroups> beginnings = new HashMap<>();

    private final Map<StreamKey, Stream> streams = new HashMap<>();
    private final Map<GroupKey, Stream> newest = new HashMap<>();
    private final OwnSends ownSends = new OwnSends();
    private int pushed;

    private record StreamKey(ConnectionKey connection, int number) {}

    private record GroupKey(ConnectionKey connection, Conversation group) {}

    private static final class Stream {
        private long last = -1;
    }

    StreamChecker(EndState end, int backlogMax) {
        this.end = end;
        this.backlogMax = backlogMax;
    }

    int pushed() {
        return pushed;
    }

    void begins(Recorded.TakesGroups begins) {
        beginnings.put(begins.connection(), begins);
    }

    void published(Recorded.Published message) {
        ownSends.published(
                MessageKey.of(message), newest.get(new GroupKey(message.connection(), message.conversation())));
    }

    void answered(Recorded.Answered answer) {
        ownSends.answered(answer.connection(), MessageKey.of(answer));
    }

    void checkOwnSends() {
        ownSends.check(end);
    }

    void checkPush(long at, Recorded.Streamed push) {
        pushed++;
        GroupReplay group = end.group(push.group());
        Stream stream = streams.computeIfAbsent(new StreamKey(push.connection(), push.stream()), key -> new Stream());
        newest.put(new GroupKey(push.connection(), Conversation.group(push.group())), stream);
        String where =
                push.connection() + " " + push.device() + " " + push.group() + " " + RunHistory.inWords(push.entry());
        long seq = push.entry().seq();
        if (push.entry() instanceof Entry.OfMessage of) {
            checkContent(at, where, group, push.device(), seq, of.message());
            long before = stream.last == -1 ? startAtMost(push, group) - 1 : stream.last;
            checkOrder(at, where, stream, push);
            checkNothingLeftOut(at, where, group, push, before);
            checkInboxFirst(at, where, group, push);
            ownSends.pushed(push.connection(), MessageKey.of(of.message()), stream, where);
        } else if (push.entry() instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed trimmed) {
            checkTrimmed(at, where, stream, seq, trimmed, group);
        }
        stream.last = seq;
    }

    private void checkContent(
            long at, String where, GroupReplay group, DeviceKey device, long seq, StoredMessage message) {
        if (seq != message.seq() || !end.storage().changes().stoodSince(0, message)) {
            end.violated("P4", at, where + ": is not what is stored");
        }
        if (!group.inStream(device.uid(), message.seq())) {
            end.violated("P4", at, where + ": is not for this user");
        }
    }

    private void checkTrimmed(
            long at, String where, Stream stream, long seq, Event.Trimmed trimmed, GroupReplay group) {
        boolean first = stream.last == -1;
        if (!first || seq != trimmed.from() - 1 || trimmed.from() > group.log().size() - backlogMax + 1) {
            end.violated("P4", at, where + ": nothing was left to history");
        }
    }

    private void checkOrder(long at, String where, Stream stream, Recorded.Streamed push) {
        long cursor = cursorAtStart(push);
        if (stream.last != -1 && push.entry().seq() <= stream.last) {
            end.violated("P4", at, where + ": comes after " + stream.last);
        } else if (stream.last == -1 && push.entry().seq() <= cursor) {
            end.violated("P4", at, where + ": the cursor was " + cursor);
        }
    }

    private long cursorAtStart(Recorded.Streamed push) {
        return beginnings.get(push.connection()).cursors().getOrDefault(push.group(), 0L);
    }

    /**
     * The first entry that a new stream must not leave out: what follows the acknowledged ones. A device that the
     * storage has no cursor of is sent the membership at hand only.
     */
    private long startAtMost(Recorded.Streamed push, GroupReplay group) {
        long follows = Math.max(push.acknowledged(), begunAt(push, group)) + 1;
        MembershipInterval membership =
                group.intervalAt(push.device().uid(), push.entry().seq());
        boolean goesOn = cursorAtStart(push) > 0 || membership == null;
        return goesOn ? follows : Math.max(follows, membership.fromSeq());
    }

    /**
     * The cursor of a device that has acknowledged nothing, or that was forgotten since, stands before the membership in
     * which it began to read; or 0.
     */
    private long begunAt(Recorded.Streamed push, GroupReplay group) {
        long cursor = cursorAtStart(push);
        MembershipInterval membership = group.intervalAt(push.device().uid(), cursor + 1);
        boolean begun = membership != null && Math.max(membership.fromSeq() - 1, group.largeSeq()) == cursor;
        return begun && push.acknowledged() < cursor ? cursor : 0;
    }

    private void checkNothingLeftOut(long at, String where, GroupReplay group, Recorded.Streamed push, long before) {
        String uid = push.device().uid();
        for (long hole = before + 1; hole < push.entry().seq(); hole++) {
            // Of an earlier membership, what is too old goes without a word.
            boolean old = hole <= group.log().size() - backlogMax
                    && group.intervalAt(uid, hole)
                            != group.intervalAt(uid, push.entry().seq());
            boolean wanted = group.inStream(uid, hole) && !old;
            if (wanted && !World.wrote(push.device(), group.log().get((int) hole - 1))) {
                end.violated("P4", at, where + ": " + hole + " is left out");
            }
        }
    }

    /** Whoever was a member when the group became large is told so before, in the inbox. */
    private void checkInboxFirst(long at, String where, GroupReplay group, Recorded.Streamed push) {
        MembershipInterval membership =
                group.intervalAt(push.device().uid(), push.entry().seq());
        boolean toldByInbox = membership != null && membership.fromSeq() <= group.largeSeq();
        if (toldByInbox && cursorAtStart(push) == 0 && push.acknowledged() == 0) {
            long place = placeOfChange(push.device().uid(), push.group());
            if (push.inboxRead() < place) {
                end.violated("P4", at, where + ": comes before entry " + place + " of the inbox");
            }
        }
    }

    private long placeOfChange(String uid, String group) {
        StoredMessage change = end.group(group).log().get((int) end.group(group).largeSeq() - 1);
        return end.storage().wholeInbox(uid).stream()
                .filter(entry -> entry instanceof Entry.OfMessage of && of.message() == change)
                .mapToLong(Entry::seq)
                .findFirst()
                .orElse(0);
    }
}
