package io.hongyan.im.core.send;

import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.MessageDecision.Accepted;
import io.hongyan.im.core.send.MessageDecision.Noted;
import io.hongyan.im.core.send.MessageDecision.Refused;
import io.hongyan.im.core.send.MessageWrites.Copy;
import io.hongyan.im.core.send.MessageWrites.Reaction;
import io.hongyan.im.core.send.MessageWrites.Replaced;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Who may change which message how, and what is written then. Pure, like {@link
 * io.hongyan.im.core.group.GroupRules}; a part of {@link AppendRules}, which knows who is in the conversation. No state;
 * safe for many threads.
 */
public record MessageRules(ChangeLimits limits, MessageContents contents) {
    /** Entries with copies of a recalled message's content that are written anew in one transaction. */
    public static final int COPIES_AT_ONCE = 100;

    /** Those entries have no more content together, but for the last of them. */
    public static final int COPY_BYTES_AT_ONCE = 1 << 19;

    /** The counts of a message's reactions are told no sooner after the last time. */
    public static final long COUNTS_PAUSE_MILLIS = 1_000;

    private static final byte[] ERASED = {};

    /** What a storage knows of the conversation of a draft, asked only where it is a change or an answer. */
    public interface Facts {
        /**
         * The message with this number, as it stands; null where there is none, or the entry does not count: its ordinal is
         * that of the entry before.
         *
         * @param seq from 1
         */
        Target target(long seq);

        /** The content of a {@link #target}, as it stands; asked only where the draft is an edit of it. */
        byte[] content(long seq);

        /** Whether there is a message with this number that was recalled. */
        boolean isRecalled(long seq);

        boolean hasReacted(long targetSeq, String emoji, String uid);

        /** Messages that are pinned. */
        int pins();

        /**
         * Entries of which it is noted that they have copies of this message's content, as they stand: the newest ones, the
         * newest first, up to so many, or to the one with which their contents have so many bytes together.
         */
        List<Content> copies(long ofSeq, int entriesMax, int bytesMax);
    }

    /**
     * What is to be known of a message that is changed.
     *
     * @param state null is taken for that of one that was never changed
     */
    public record Target(String sender, long sentAtMillis, MessageState state) {
        public Target {
            state = state == null ? MessageState.NONE : state;
        }
    }

    /** What an entry says. */
    public record Content(long seq, byte[] bytes) {}

    /**
     * What the one who asks is in the conversation.
     *
     * @param fromSeq the first entry that concerns the user
     * @param organises whether the user may recall what others wrote
     * @param large whether reactions are told as counts
     */
    record Standing(long fromSeq, boolean organises, boolean pins, boolean muted, boolean large) {
        /** Of one of two users. */
        static final Standing ONE_OF_TWO = new Standing(1, false, true, false, false);

        /** Of the server in a conversation that is no group. */
        static final Standing SERVER = new Standing(1, true, true, false, false);
    }

    /** @param seq the number its entry has if there is one */
    MessageDecision decide(Draft draft, Standing standing, long seq, long nowMillis, Facts facts) {
        MessageChange change = draft.messageChange();
        if (change == null) {
            return answer(draft, seq, facts);
        }
        long targetSeq = change.targetSeq();
        Target target = targetSeq < Math.max(1, standing.fromSeq) ? null : facts.target(targetSeq);
        if (target == null) {
            return new Refused(Refusal.UNKNOWN_MESSAGE);
        }
        Case one = new Case(draft, standing, seq, nowMillis, target);
        if (change instanceof MessageChange.Recalled) {
            return recall(one, facts);
        } else if (change instanceof MessageChange.CopiesErased) {
            return eraseCopies(one, facts);
        } else if (one.state().recalled()) {
            return new Refused(Refusal.UNKNOWN_MESSAGE);
        } else if (change instanceof MessageChange.Edited edited) {
            return edit(one, edited, facts);
        } else if (change instanceof MessageChange.Reacted reacted) {
            return react(one, reacted, facts);
        } else if (change instanceof MessageChange.Pinned pinned) {
            return pin(one, pinned.pinned(), facts);
        }
        return count(one, (MessageChange.ReactionsCounted) change);
    }

    private record Case(Draft draft, Standing standing, long seq, long nowMillis, Target target) {
        long targetSeq() {
            return draft.messageChange().targetSeq();
        }

        MessageState state() {
            return target.state();
        }

        boolean byItsSender() {
            return draft.sender().equals(target.sender());
        }

        boolean isOlderThan(int seconds) {
            return nowMillis - target.sentAtMillis() > TimeUnit.SECONDS.toMillis(seconds);
        }

        Accepted accepted(MessageWrites writes) {
            return new Accepted(draft.content(), writes);
        }
    }

    /** Of a recalled message nothing is quoted any more, whatever its quoter still had. */
    private MessageDecision answer(Draft draft, long seq, Facts facts) {
        long quoted = draft.quotedSeq();
        if (quoted >= seq) {
            return new Accepted(draft.content(), null);
        }
        if (facts.isRecalled(quoted)) {
            return new Accepted(contents.withoutCopyOf(quoted, draft.content()), null);
        }
        List<Copy> copies = List.of(new Copy(quoted, seq));
        return new Accepted(draft.content(), new MessageWrites(0, null, null, List.of(), copies, List.of()));
    }

    private MessageDecision recall(Case one, Facts facts) {
        if (!one.standing.organises && !one.byItsSender()) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        if (one.state().recalled()) {
            return new Noted(null);
        }
        if (!one.standing.organises && one.isOlderThan(limits.recallSecondsMax())) {
            return new Refused(Refusal.TOO_LATE);
        }
        long target = one.targetSeq();
        List<Content> copies = copies(target, facts);
        List<Replaced> replaced = new ArrayList<>(copies.size() + 1);
        replaced.add(new Replaced(target, ERASED));
        MessageState after = one.state().recalled(one.seq, mayBeMore(copies));
        return one.accepted(erasing(target, after, replaced, copies));
    }

    private MessageDecision eraseCopies(Case one, Facts facts) {
        if (!isBySystem(one) || !one.state().recalled()) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        long target = one.targetSeq();
        List<Content> copies = copies(target, facts);
        MessageState after = one.state().due(mayBeMore(copies));
        return new Noted(erasing(target, after, new ArrayList<>(copies.size()), copies));
    }

    private static List<Content> copies(long target, Facts facts) {
        return facts.copies(target, COPIES_AT_ONCE, COPY_BYTES_AT_ONCE);
    }

    private static boolean mayBeMore(List<Content> copies) {
        return copies.size() == COPIES_AT_ONCE
                || copies.stream().mapToLong(copy -> copy.bytes().length).sum() >= COPY_BYTES_AT_ONCE;
    }

    private MessageWrites erasing(long target, MessageState after, List<Replaced> replaced, List<Content> copies) {
        List<Copy> erased = new ArrayList<>(copies.size());
        for (Content copy : copies) {
            replaced.add(new Replaced(copy.seq(), contents.withoutCopyOf(target, copy.bytes())));
            erased.add(new Copy(target, copy.seq()));
        }
        return new MessageWrites(target, after, null, replaced, List.of(), erased);
    }

    private MessageDecision edit(Case one, MessageChange.Edited edited, Facts facts) {
        long target = one.targetSeq();
        if (!one.byItsSender() || !contents.mayReplace(facts.content(target), edited.content())) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        if (one.standing.muted) {
            return new Refused(Refusal.MUTED);
        }
        if (one.isOlderThan(limits.editSecondsMax())) {
            return new Refused(Refusal.TOO_LATE);
        }
        if (one.state().edits() >= limits.editsMax()) {
            return new Refused(Refusal.LIMIT_REACHED);
        }
        byte[] content = edited.content();
        byte[] entry = one.draft.content();
        List<Copy> copies = new ArrayList<>();
        copies.add(new Copy(target, one.seq));
        // What answers the message itself is erased with it.
        long quoted = edited.quotedSeq() == target ? 0 : edited.quotedSeq();
        if (quoted > 0 && quoted < one.seq && facts.isRecalled(quoted)) {
            content = contents.withoutCopyOf(quoted, content);
            entry = contents.withoutCopyOf(quoted, entry);
        } else if (quoted > 0 && quoted < one.seq) {
            copies.add(new Copy(quoted, one.seq));
            copies.add(new Copy(quoted, target));
        }
        MessageState after = one.state().edited(one.seq, one.nowMillis);
        List<Replaced> replaced = List.of(new Replaced(target, content));
        return new Accepted(entry, new MessageWrites(target, after, null, replaced, copies, List.of()));
    }

    private MessageDecision react(Case one, MessageChange.Reacted reacted, Facts facts) {
        if (one.standing.muted) {
            return new Refused(Refusal.MUTED);
        }
        long target = one.targetSeq();
        String uid = one.draft.sender();
        String emoji = reacted.emoji();
        if (facts.hasReacted(target, emoji, uid) != reacted.removed()) {
            return new Noted(null);
        }
        boolean full = one.state().reactions().size() >= limits.reactionEmojiMax();
        if (!reacted.removed() && full && !one.state().hasReaction(emoji)) {
            return new Refused(Refusal.LIMIT_REACHED);
        }
        MessageState after = one.standing.large
                ? one.state().reactedUntold(emoji, reacted.removed())
                : one.state().reacted(one.seq, emoji, reacted.removed());
        Reaction reaction = new Reaction(emoji, uid, !reacted.removed());
        MessageWrites writes = new MessageWrites(target, after, reaction, List.of(), List.of(), List.of());
        return one.standing.large ? new Noted(writes) : one.accepted(writes);
    }

    private MessageDecision pin(Case one, boolean pinned, Facts facts) {
        if (!one.standing.pins) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        if (one.state().pinned() == pinned) {
            return new Noted(null);
        }
        if (pinned && facts.pins() >= limits.pinsMax()) {
            return new Refused(Refusal.LIMIT_REACHED);
        }
        return one.accepted(MessageWrites.ofState(one.targetSeq(), one.state().pinned(one.seq, pinned)));
    }

    /** Several nodes may be about to tell them. */
    private static MessageDecision count(Case one, MessageChange.ReactionsCounted counted) {
        long target = one.targetSeq();
        if (!isBySystem(one)) {
            return new Refused(Refusal.NOT_ALLOWED);
        }
        long sinceMillis = one.nowMillis - one.state().countedAtMillis();
        if (!one.state().due() || sinceMillis >= 0 && sinceMillis < COUNTS_PAUSE_MILLIS) {
            return new Noted(null);
        }
        MessageState after = one.state().counted(one.seq, counted.counts(), one.nowMillis);
        return one.accepted(MessageWrites.ofState(target, after));
    }

    private static boolean isBySystem(Case one) {
        return one.draft.sender().equals(SystemUser.UID);
    }
}
