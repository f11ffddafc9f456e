package io.hongyan.im.core.send;

import io.hongyan.im.core.send.Lane.Waiting;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Drafts that wait while more waits than one transaction should hold: each sender's in the order they came, the senders in turn. So
 * who sends much waits for itself, and others wait for one part of it (round robin by Nagle, RFC 970). One thread.
 */
final class SenderTurns {
    private final Map<String, ArrayDeque<Waiting>> bySender = new HashMap<>();
    /** Each sender of whom something waits, once. */
    private final ArrayDeque<String> turns = new ArrayDeque<>();

    private int drafts;

    void add(Waiting entry) {
        String sender = entry.turn();
        ArrayDeque<Waiting> line = bySender.get(sender);
        if (line == null) {
            line = new ArrayDeque<>();
            bySender.put(sender, line);
            turns.add(sender);
        }
        line.add(entry);
        drafts++;
    }

    int drafts() {
        return drafts;
    }

    /** Senders of whom something waits. */
    int senders() {
        return turns.size();
    }

    /**
     * Gives the drafts of the sender whose turn it is, as long as they are taken; then it is the next one's turn, unless not even
     * the first was taken.
     *
     * @param taken false for a draft that stays, with those behind it
     * @return whether the first was taken
     */
    boolean turn(Predicate<Waiting> taken) {
        String sender = turns.element();
        ArrayDeque<Waiting> line = bySender.get(sender);
        int before = drafts;
        while (!line.isEmpty() && taken.test(line.element())) {
            line.remove();
            drafts--;
        }
        if (drafts == before) {
            return false;
        }
        turns.remove();
        if (line.isEmpty()) {
            bySender.remove(sender);
        } else {
            turns.add(sender);
        }
        return true;
    }
}
