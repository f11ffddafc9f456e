package io.hongyan.im.core.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What has become of a message since it was stored: all its changes together. Stored beside the message; each method gives
 * the state after one more change.
 *
 * @param stateSeq number of the newest entry that changed it, 0 where only reactions that were not told yet did
 * @param edits how often it was edited
 * @param editedAtMillis when it was edited last, 0 = never
 * @param recalled its content is empty then
 * @param reactions in the order in which they first came, each with one user at least
 * @param countedAtMillis of a large group: when the counts of its reactions were told last, 0 = never
 * @param due whether something is left to do: counts to be told, or after a recall copies of its content to be erased
 */
public record MessageState(
        long stateSeq,
        int edits,
        long editedAtMillis,
        boolean recalled,
        boolean pinned,
        List<ReactionCount> reactions,
        long countedAtMillis,
        boolean due) {
    /** Numbers and flags of a state, or of a reaction, at most. */
    private static final int NUMBERS_BYTES = 24;

    /** Of a character in Java. */
    private static final int UTF_8_BYTES_MAX = 3;

    /** Of a message that was never changed. */
    public static final MessageState NONE = new MessageState(0, 0, 0, false, false, List.of(), 0, false);

    public MessageState {
        reactions = List.copyOf(reactions);
    }

    /** It is neither pinned nor reacted to any more. */
    public MessageState recalled(long seq, boolean copiesLeft) {
        return new MessageState(seq, edits, editedAtMillis, true, false, List.of(), countedAtMillis, copiesLeft);
    }

    public MessageState edited(long seq, long nowMillis) {
        return new MessageState(seq, edits + 1, nowMillis, recalled, pinned, reactions, countedAtMillis, due);
    }

    public MessageState pinned(long seq, boolean now) {
        return new MessageState(seq, edits, editedAtMillis, recalled, now, reactions, countedAtMillis, due);
    }

    /** With one user more or less who reacts so. */
    public MessageState reacted(long seq, String emoji, boolean removed) {
        return reacted(seq, emoji, removed, due);
    }

    /** The same without an entry of its own: the counts are told later. */
    public MessageState reactedUntold(String emoji, boolean removed) {
        return reacted(stateSeq, emoji, removed, true);
    }

    private MessageState reacted(long seq, String emoji, boolean removed, boolean nowDue) {
        List<ReactionCount> after = new ArrayList<>(reactions);
        int place = place(emoji);
        if (place < 0 && !removed) {
            after.add(new ReactionCount(emoji, 1));
        } else if (place >= 0) {
            int count = after.get(place).count() + (removed ? -1 : 1);
            if (count > 0) {
                after.set(place, new ReactionCount(emoji, count));
            } else {
                after.remove(place);
            }
        }
        return new MessageState(seq, edits, editedAtMillis, recalled, pinned, after, countedAtMillis, nowDue);
    }

    /** These counts were told. */
    public MessageState counted(long seq, List<ReactionCount> told, long nowMillis) {
        return new MessageState(
                seq, edits, editedAtMillis, recalled, pinned, reactions, nowMillis, !told.equals(reactions));
    }

    public MessageState due(boolean now) {
        return new MessageState(stateSeq, edits, editedAtMillis, recalled, pinned, reactions, countedAtMillis, now);
    }

    /** As this user sees it who reacts with these. */
    public MessageState seenWith(Set<String> mine) {
        List<ReactionCount> seen = reactions.stream()
                .map(one -> new ReactionCount(one.emoji(), one.count(), mine.contains(one.emoji())))
                .toList();
        return new MessageState(stateSeq, edits, editedAtMillis, recalled, pinned, seen, countedAtMillis, due);
    }

    /** About as many as it takes on the wire. */
    public int bytes() {
        int bytes = NUMBERS_BYTES;
        for (ReactionCount reaction : reactions) {
            bytes += NUMBERS_BYTES + reaction.emoji().length() * UTF_8_BYTES_MAX;
        }
        return bytes;
    }

    public boolean hasReaction(String emoji) {
        return place(emoji) >= 0;
    }

    private int place(String emoji) {
        for (int i = 0; i < reactions.size(); i++) {
            if (reactions.get(i).emoji().equals(emoji)) {
                return i;
            }
        }
        return -1;
    }
}
