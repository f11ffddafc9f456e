package io.hongyan.im.core.contract;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.ChangeLimits;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.simulation.PlainContents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The changes of messages in the model of one conversation: what each message is after them. It knows neither time limits nor
 * large groups; it keeps what it needs to say everything by counting anew.
 */
final class ChangesModel {
    private static final ChangeLimits LIMITS = ChangedMessagesContract.RULES.limits();
    private static final PlainContents CONTENTS = new PlainContents();
    private static final byte[] NOTHING = {};

    private final boolean direct;
    /** The entries as they stand, without state. */
    private final List<StoredMessage> log = new ArrayList<>();
    /** Of the messages among them. */
    private final Map<Long, Changes> messages = new HashMap<>();
    /** Entries with a copy of a message's content, by that message. */
    private final Map<Long, Set<Long>> copies = new HashMap<>();

    private static final class Changes {
        long stateSeq;
        int edits;
        long editedAtMillis;
        boolean recalled;
        boolean pinned;
        /** Who reacts so, in the order in which reactions came; none is empty. */
        final Map<String, Set<String>> reactions = new LinkedHashMap<>();

        MessageState state() {
            List<ReactionCount> counts = new ArrayList<>();
            reactions.forEach((emoji, uids) -> counts.add(new ReactionCount(emoji, uids.size())));
            return stateSeq == 0
                    ? null
                    : new MessageState(stateSeq, edits, editedAtMillis, recalled, pinned, counts, 0, false);
        }
    }

    ChangesModel(Conversation conversation) {
        this.direct = conversation.kind() != Conversation.Kind.GROUP;
    }

    int head() {
        return log.size();
    }

    StoredMessage entry(long seq) {
        StoredMessage entry = log.get((int) seq - 1);
        return entry.with(
                entry.content(), messages.containsKey(seq) ? messages.get(seq).state() : null);
    }

    List<StoredMessage> log() {
        return log.stream().map(entry -> entry(entry.seq())).toList();
    }

    boolean counts(long seq) {
        return messages.containsKey(seq);
    }

    /** With which emoji the user reacts to a message. */
    Set<String> reactionsOf(String uid, long seq) {
        Set<String> emoji = new TreeSet<>();
        if (messages.containsKey(seq)) {
            messages.get(seq).reactions.forEach((one, uids) -> {
                if (uids.contains(uid)) {
                    emoji.add(one);
                }
            });
        }
        return emoji;
    }

    /**
     * Null if it gets an entry.
     *
     * @param fromSeq the first entry that concerns the sender
     * @param owner whether the sender is the group's
     */
    Appended withoutEntry(Draft draft, long fromSeq, boolean owner) {
        MessageChange change = draft.messageChange();
        if (change == null) {
            return null;
        }
        Changes target = change.targetSeq() < fromSeq ? null : messages.get(change.targetSeq());
        if (target == null || (target.recalled && !(change instanceof Recalled))) {
            return new Appended.Refused(Refusal.UNKNOWN_MESSAGE);
        }
        boolean own = entry(change.targetSeq()).sender().equals(draft.sender());
        Refusal refusal = null;
        boolean already = false;
        if (change instanceof Recalled) {
            refusal = own || owner ? null : Refusal.NOT_ALLOWED;
            already = target.recalled;
        } else if (change instanceof Edited edited) {
            boolean may = own && CONTENTS.mayReplace(entry(change.targetSeq()).content(), edited.content());
            refusal = !may ? Refusal.NOT_ALLOWED : target.edits >= LIMITS.editsMax() ? Refusal.LIMIT_REACHED : null;
        } else if (change instanceof Reacted reacted) {
            already = reactionsOf(draft.sender(), change.targetSeq()).contains(reacted.emoji()) != reacted.removed();
            boolean more = !reacted.removed() && !target.reactions.containsKey(reacted.emoji());
            boolean full = target.reactions.size() >= LIMITS.reactionEmojiMax();
            refusal = more && full ? Refusal.LIMIT_REACHED : null;
        } else if (change instanceof Pinned pinned) {
            already = target.pinned == pinned.pinned();
            long pins = messages.values().stream().filter(one -> one.pinned).count();
            boolean full = pinned.pinned() && !already && pins >= LIMITS.pinsMax();
            refusal = !direct && !owner ? Refusal.NOT_ALLOWED : full ? Refusal.LIMIT_REACHED : null;
        }
        return refusal != null ? new Appended.Refused(refusal) : already ? new Appended.Noted() : null;
    }

    /** Returns the entry as it is stored. */
    StoredMessage add(Draft draft, long nowMillis) {
        long seq = head() + 1L;
        boolean gone = isRecalled(draft.quotedSeq());
        byte[] content = gone ? CONTENTS.withoutCopyOf(draft.quotedSeq(), draft.content()) : draft.content();
        long ordinal = head() == 0 ? 0 : log.get(head() - 1).ordinal();
        log.add(new StoredMessage(
                draft.conversation(),
                seq,
                draft.counts() ? ordinal + 1 : ordinal,
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                content));
        if (draft.counts()) {
            messages.put(seq, new Changes());
        }
        if (draft.quotedSeq() > 0 && draft.quotedSeq() < seq) {
            copy(draft.quotedSeq(), seq);
        }
        StoredMessage stored = log.get(head() - 1);
        if (draft.messageChange() != null) {
            apply(draft, seq, nowMillis);
        }
        return stored;
    }

    private void apply(Draft draft, long seq, long nowMillis) {
        long targetSeq = draft.messageChange().targetSeq();
        Changes target = messages.get(targetSeq);
        target.stateSeq = seq;
        if (draft.messageChange() instanceof Recalled) {
            target.recalled = true;
            target.pinned = false;
            target.reactions.clear();
            replace(targetSeq, NOTHING);
            copies.getOrDefault(targetSeq, Set.of())
                    .forEach(in -> replace(
                            in,
                            CONTENTS.withoutCopyOf(
                                    targetSeq, log.get(in.intValue() - 1).content())));
        } else if (draft.messageChange() instanceof Edited edited) {
            target.edits++;
            target.editedAtMillis = nowMillis;
            boolean gone = isRecalled(edited.quotedSeq());
            replace(targetSeq, gone ? CONTENTS.withoutCopyOf(edited.quotedSeq(), edited.content()) : edited.content());
            copy(targetSeq, seq);
            if (edited.quotedSeq() > 0 && edited.quotedSeq() < seq) {
                copy(edited.quotedSeq(), targetSeq);
            }
        } else if (draft.messageChange() instanceof Reacted reacted) {
            Set<String> uids = target.reactions.computeIfAbsent(reacted.emoji(), e -> new TreeSet<>());
            boolean changed = reacted.removed() ? uids.remove(draft.sender()) : uids.add(draft.sender());
            assert changed;
            target.reactions.values().removeIf(Set::isEmpty);
        } else if (draft.messageChange() instanceof Pinned pinned) {
            target.pinned = pinned.pinned();
        }
    }

    private boolean isRecalled(long seq) {
        return messages.containsKey(seq) && messages.get(seq).recalled;
    }

    private void copy(long of, long in) {
        copies.computeIfAbsent(of, o -> new TreeSet<>()).add(in);
    }

    private void replace(long seq, byte[] content) {
        log.set((int) seq - 1, log.get((int) seq - 1).with(content, null));
    }
}
