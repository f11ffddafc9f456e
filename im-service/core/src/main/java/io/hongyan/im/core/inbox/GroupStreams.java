package io.hongyan.im.core.inbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The streams of large groups of one connection, and the turns that all its streams take where the window is too small
 * for them. Guarded by the connection's monitor.
 */
final class GroupStreams {
    /** What one stream sends before the next one's turn. */
    private static final int ENTRIES_PER_TURN = 8;
    /** Own sends remembered for streams that have not begun; beyond it the oldest are pushed like any other. */
    static final int OWN_SENDS_MAX = 64;

    /** Groups whose streams have ended; an older one that begins anew may send once more what was just acknowledged. */
    private static final int ENDED_MAX = 64;

    private final DeliveryWindow window;
    private final Map<String, GroupStream> running = new HashMap<>();
    /** Streams with entries that the window does not let through, the one that waits longest first. */
    private final LinkedHashSet<EntryStream> waiting = new LinkedHashSet<>();
    /** Streams that begin once the inbox has been acknowledged far enough. */
    private final List<Start> awaiting = new ArrayList<>();

    /** group → cursor of its stream that has ended, until the next one begins. The oldest first. */
    private final Map<String, Long> ended = new LinkedHashMap<>(0);

    /** The oldest first. */
    private final Deque<OwnSend> ownSends = new ArrayDeque<>(0);

    private record OwnSend(String group, long seq) {}

    record Start(String group, long afterSeq, long afterInboxSeq) {}

    GroupStreams(DeliveryWindow window) {
        this.window = window;
    }

    /** A copy: streams may end while it is walked through. */
    Collection<GroupStream> running() {
        return List.copyOf(running.values());
    }

    /** Null where there is none. */
    GroupStream find(String group) {
        return running.get(group);
    }

    /** Whether it runs, or waits for the inbox. */
    boolean has(String group) {
        return running.containsKey(group)
                || awaiting.stream().anyMatch(start -> start.group().equals(group));
    }

    boolean isFull(DeliveryLimits limits) {
        return running.size() + awaiting.size() >= limits.groupStreamsMax();
    }

    void add(GroupStream stream) {
        running.put(stream.group(), stream);
        awaitNoMore(stream.group());
    }

    void remove(GroupStream stream) {
        running.remove(stream.group(), stream);
        waiting.remove(stream);
    }

    /** Who has looked for the beginning of the next stream before this does not know of it. */
    void noteEnded(GroupStream stream) {
        if (ended.size() >= ENDED_MAX) {
            ended.remove(ended.keySet().iterator().next());
        }
        ended.put(stream.group(), stream.session.cursor());
        // Sent by who had come back already: they are of the stream that follows.
        stream.session.ownSendsLeft().forEach(seq -> noteOwnSend(stream.group(), seq));
    }

    /** How far this connection has acknowledged a stream that has ended, 0 = there was none. */
    long takeEnded(String group) {
        Long cursor = ended.remove(group);
        return cursor == null ? 0 : cursor;
    }

    void await(String group, long afterSeq, long afterInboxSeq) {
        awaitNoMore(group);
        awaiting.add(new Start(group, afterSeq, afterInboxSeq));
    }

    void awaitNoMore(String group) {
        awaiting.removeIf(start -> start.group().equals(group));
    }

    List<Start> takeAwaiting(long inboxSeq) {
        if (awaiting.isEmpty()) {
            return List.of();
        }
        List<Start> due = new ArrayList<>();
        for (Iterator<Start> all = awaiting.iterator(); all.hasNext(); ) {
            Start start = all.next();
            if (start.afterInboxSeq() <= inboxSeq) {
                due.add(start);
                all.remove();
            }
        }
        return due;
    }

    /** This connection has sent an entry of a group whose stream has not begun. */
    void noteOwnSend(String group, long seq) {
        if (ownSends.size() >= OWN_SENDS_MAX) {
            ownSends.remove();
        }
        ownSends.add(new OwnSend(group, seq));
    }

    List<Long> takeOwnSends(String group) {
        if (ownSends.isEmpty()) {
            return List.of();
        }
        List<Long> taken = ownSends.stream()
                .filter(own -> own.group().equals(group))
                .map(OwnSend::seq)
                .toList();
        ownSends.removeIf(own -> own.group().equals(group));
        return taken;
    }

    void noteWaiting(EntryStream stream) {
        if (stream.session.waiting() && !stream.stopped()) {
            waiting.add(stream);
        } else {
            waiting.remove(stream);
        }
    }

    void waitNoMore(EntryStream stream) {
        waiting.remove(stream);
    }

    boolean othersWait(EntryStream stream) {
        return waiting.size() > 1 || waiting.size() == 1 && !waiting.contains(stream);
    }

    void goOn() {
        int turns = waiting.size();
        while (!window.full() && turns > 0 && !waiting.isEmpty()) {
            EntryStream next = waiting.iterator().next();
            waiting.remove(next);
            int before = window.entries();
            window.allow(ENTRIES_PER_TURN);
            next.carryOut(next.session.goOn(), null, null);
            window.allow(DeliveryWindow.ANY_NUMBER);
            noteWaiting(next);
            turns = window.entries() > before ? waiting.size() : turns - 1;
        }
    }
}
