package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.ChangeLimits;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.ReactionsCounted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes of messages as the log alone tells them: whether each was allowed, what has become of each message, and that what
 * was recalled is nowhere. It has rules of its own, so that it can judge those of the service.
 */
final class ChangeChecker {
    private static final PlainContents CONTENTS = new PlainContents();

    private final EndState end;
    private final ChangeLimits limits;
    private int changes;
    private int recalls;

    /** What the log says of a message. */
    private static final class Replayed {
        private final StoredMessage message;
        private String text;
        private int edits;
        private long stateSeq;
        private boolean recalled;
        private boolean pinned;
        private final Map<String, Integer> reactions = new LinkedHashMap<>();

        Replayed(StoredMessage message) {
            this.message = message;
        }
    }

    ChangeChecker(EndState end, ChangeLimits limits) {
        this.end = end;
        this.limits = limits;
    }

    int changes() {
        return changes;
    }

    int recalls() {
        return recalls;
    }

    void check(Conversation conversation) {
        List<StoredMessage> log = end.log(conversation);
        GroupReplay group = end.groups().get(conversation);
        Map<Long, Replayed> messages = new HashMap<>();
        long ordinal = 0;
        for (StoredMessage entry : log) {
            MessageChange change = CONTENTS.changeIn(entry.content());
            if (change != null) {
                changes++;
                take(entry, change, messages.get(change.targetSeq()), group);
            } else if (entry.ordinal() > ordinal) {
                messages.put(entry.seq(), new Replayed(entry));
            }
            ordinal = entry.ordinal();
        }
        messages.values().forEach(this::compare);
        checkErased(conversation, log, messages);
    }

    private void take(StoredMessage entry, MessageChange change, Replayed target, GroupReplay group) {
        if (target == null) {
            end.violated("changes", 0, RunHistory.inWords(entry) + " changes what is no message: " + change);
            return;
        }
        if (!mayChange(entry, target, change, group)) {
            end.violated("changes", 0, RunHistory.inWords(entry) + " is stored though nobody may do that: " + change);
        }
        target.stateSeq = entry.seq();
        if (change instanceof Recalled) {
            recalls++;
            target.recalled = true;
            target.pinned = false;
            target.text = "";
            target.reactions.clear();
        } else if (change instanceof Edited edited) {
            target.edits++;
            target.text = new String(edited.content(), StandardCharsets.UTF_8);
        } else if (change instanceof Pinned pinned) {
            target.pinned = pinned.pinned();
        } else if (change instanceof Reacted reacted) {
            target.reactions.merge(reacted.emoji(), reacted.removed() ? -1 : 1, Integer::sum);
            target.reactions.values().removeIf(count -> count == 0);
        } else if (change instanceof ReactionsCounted counted) {
            target.reactions.clear();
            counted.counts().forEach(one -> target.reactions.put(one.emoji(), one.count()));
        }
    }

    private boolean mayChange(StoredMessage entry, Replayed target, MessageChange change, GroupReplay group) {
        String actor = entry.sender();
        if (change instanceof ReactionsCounted) {
            return actor.equals(SystemUser.UID) && group != null && group.largeSeq() > 0 && !target.recalled;
        }
        boolean sees = group == null || group.seesAt(actor, target.message.seq(), entry.seq());
        boolean organises = group != null && group.organisesAt(actor, entry.seq());
        boolean own = actor.equals(target.message.sender());
        long ageMillis = entry.sentAtMillis() - target.message.sentAtMillis();
        if (!sees || target.recalled) {
            return false;
        }
        if (change instanceof Recalled) {
            return organises || own && ageMillis <= limits.recallSecondsMax() * 1_000L;
        } else if (change instanceof Edited) {
            return own && ageMillis <= limits.editSecondsMax() * 1_000L && target.edits < limits.editsMax();
        } else if (change instanceof Pinned pinned) {
            return (group == null || organises) && pinned.pinned() != target.pinned;
        }
        Reacted reacted = (Reacted) change;
        boolean known = target.reactions.containsKey(reacted.emoji());
        return reacted.removed() ? known : known || target.reactions.size() < limits.reactionEmojiMax();
    }

    private void compare(Replayed replayed) {
        StoredMessage message = replayed.message;
        MessageState state = message.state() == null ? MessageState.NONE : message.state();
        List<ReactionCount> reactions = replayed.reactions.entrySet().stream()
                .map(one -> new ReactionCount(one.getKey(), one.getValue()))
                .toList();
        String text = new String(message.content(), StandardCharsets.UTF_8);
        boolean right = state.stateSeq() == replayed.stateSeq
                && state.edits() == replayed.edits
                && state.recalled() == replayed.recalled
                && state.pinned() == replayed.pinned
                && state.reactions().equals(reactions)
                && !state.due()
                && (replayed.text == null || replayed.text.equals(text));
        if (!right) {
            end.violated(
                    "changes",
                    0,
                    RunHistory.inWords(message) + " is " + text + " " + state + ", by the log " + replayed.text + " "
                            + replayed.recalled + " " + replayed.pinned + " " + reactions);
        }
    }

    /** What was recalled stands in no entry of its conversation: not in edits, not in answers. */
    private void checkErased(Conversation conversation, List<StoredMessage> log, Map<Long, Replayed> messages) {
        for (Replayed replayed : messages.values()) {
            if (!replayed.recalled) {
                continue;
            }
            List<String> tokens = end.storage().changes().everySaid(replayed.message).stream()
                    .map(PlainContents::token)
                    .filter(token -> !token.isEmpty())
                    .distinct()
                    .toList();
            for (StoredMessage entry : log) {
                String text = new String(entry.content(), StandardCharsets.UTF_8);
                tokens.stream()
                        .filter(text::contains)
                        .forEach(token -> end.violated(
                                "changes", 0, token + " was recalled in " + conversation.id() + " and is in " + text));
            }
        }
    }
}
