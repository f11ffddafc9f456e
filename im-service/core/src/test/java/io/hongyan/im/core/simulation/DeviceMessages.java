package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.ReactionsCounted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.simulation.SimulatedDevice.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The messages that a client has, with all changes that came after them, as the description of the wire says. It folds changes
 * by code of its own, so that it can judge what the service folds.
 */
final class DeviceMessages {
    private static final PlainContents CONTENTS = new PlainContents();

    private final String uid;
    private final ChangeContents groupContents;
    private final Map<Conversation, Known> conversations = new LinkedHashMap<>();
    /** Own messages without an answer, by their ids. */
    private final Map<String, Outgoing> outgoing = new HashMap<>();

    /** What it knows of a conversation. */
    private static final class Known {
        private final TreeMap<Long, Folded> messages = new TreeMap<>();
        /** Changes of messages that have not come: an own one may be stored and not answered yet. */
        private final Map<Long, List<Change>> early = new HashMap<>();

        private final Set<Long> recalled = new HashSet<>();
    }

    /** A change as it came. */
    private record Change(long seq, MessageChange what) {}

    /** A message as this client shows it. */
    static final class Folded {
        private String text;
        private long stateSeq;
        private boolean recalled;
        private boolean pinned;
        private final Map<String, Integer> reactions = new LinkedHashMap<>();

        private Folded(String text) {
            this.text = text;
        }

        private Folded(StoredMessage message) {
            text = DeviceMessages.text(message.content());
            if (message.state() != null) {
                stateSeq = message.state().stateSeq();
                recalled = message.state().recalled();
                pinned = message.state().pinned();
                take(message.state().reactions());
            }
        }

        private void take(List<ReactionCount> counts) {
            reactions.clear();
            counts.forEach(one -> reactions.put(one.emoji(), one.count()));
        }

        @Override
        public String toString() {
            return text + (recalled ? " recalled" : "") + (pinned ? " pinned " : " ") + reactions;
        }
    }

    DeviceMessages(String uid, ChangeContents groupContents) {
        this.uid = uid;
        this.groupContents = groupContents;
    }

    /** Writes a message, now and then as the answer to another one. */
    Outgoing compose(Random random, Conversation conversation, String id) {
        String text = "(" + id + ')' + ".".repeat(random.nextInt(60));
        List<Map.Entry<Long, Folded>> said = List.copyOf(messages(conversation).entrySet());
        Outgoing message = new Outgoing(conversation, id, text.getBytes(StandardCharsets.UTF_8), 0);
        if (!said.isEmpty() && random.nextInt(4) == 0) {
            Map.Entry<Long, Folded> quoted = said.get(random.nextInt(said.size()));
            String excerpt = PlainContents.token(quoted.getValue().text.getBytes(StandardCharsets.UTF_8));
            byte[] content = PlainContents.answer(quoted.getKey(), excerpt, text);
            message = excerpt.isEmpty() ? message : new Outgoing(conversation, id, content, quoted.getKey());
        }
        outgoing.put(id, message);
        return message;
    }

    /** What the client cannot connect with what it had is forgotten. */
    void forget() {
        conversations.clear();
        outgoing.clear();
    }

    private void forget(Conversation conversation) {
        conversations.remove(conversation);
        outgoing.values().removeIf(message -> message.conversation().equals(conversation));
    }

    void sent(Outgoing message, SendOutcome.Stored answer) {
        if (outgoing.remove(message.id()) != null
                && !of(message.conversation()).messages.containsKey(answer.seq())) {
            add(of(message.conversation()), answer.seq(), new Folded(text(message.content())));
        }
    }

    /** An entry of the inbox, or of a large group. */
    void take(String group, Entry entry) {
        if (entry instanceof Entry.OfMessage of) {
            take(of.message());
        } else if (entry instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed && group == null) {
            forget();
        } else if (group != null) {
            forget(Conversation.group(group));
        }
    }

    private void take(StoredMessage message) {
        MessageChange change = CONTENTS.changeIn(message.content());
        if (change != null) {
            take(of(message.conversation()), new Change(message.seq(), change));
            return;
        }
        if (joins(message, groupContents.changeIn(message))) {
            forget(message.conversation());
        }
        Known known = of(message.conversation());
        Folded before = known.messages.get(message.seq());
        long stateSeq = message.state() == null ? 0 : message.state().stateSeq();
        if (before == null || before.stateSeq <= stateSeq) {
            add(known, message.seq(), new Folded(message));
        }
    }

    /** What was changed while the user was not there did not come. */
    private boolean joins(StoredMessage message, GroupChange change) {
        return change instanceof GroupChange.Joined && message.sender().equals(uid)
                || change instanceof GroupChange.MembersAdded added
                        && added.uids().contains(uid);
    }

    private static void add(Known known, long seq, Folded message) {
        known.messages.put(seq, message);
        if (known.recalled.contains(PlainContents.quoted(message.text))) {
            message.text = withoutExcerpt(message.text);
        }
        List<Change> early = known.early.remove(seq);
        if (early != null) {
            early.forEach(change -> take(known, change));
        }
    }

    private static void take(Known known, Change change) {
        long target = change.what.targetSeq();
        if (change.what instanceof Recalled && known.recalled.add(target)) {
            known.messages.values().stream()
                    .filter(message -> PlainContents.quoted(message.text) == target)
                    .forEach(message -> message.text = withoutExcerpt(message.text));
        }
        Folded message = known.messages.get(target);
        if (message == null) {
            known.early.computeIfAbsent(target, seq -> new ArrayList<>()).add(change);
        } else if (change.seq > message.stateSeq) {
            message.stateSeq = change.seq;
            fold(known, message, change.what);
        }
    }

    private static void fold(Known known, Folded message, MessageChange change) {
        if (change instanceof Recalled) {
            message.text = "";
            message.recalled = true;
            message.pinned = false;
            message.reactions.clear();
        } else if (change instanceof Edited edited) {
            String text = text(edited.content());
            message.text = known.recalled.contains(edited.quotedSeq()) ? withoutExcerpt(text) : text;
        } else if (change instanceof Pinned pinned) {
            message.pinned = pinned.pinned();
        } else if (change instanceof Reacted reacted) {
            message.reactions.merge(reacted.emoji(), reacted.removed() ? -1 : 1, Integer::sum);
            message.reactions.values().removeIf(count -> count == 0);
        } else if (change instanceof ReactionsCounted counted) {
            message.take(counted.counts());
        }
    }

    private static String withoutExcerpt(String text) {
        return text(PlainContents.answer(PlainContents.quoted(text), "", text.substring(text.lastIndexOf('>') + 1)));
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private Known of(Conversation conversation) {
        return conversations.computeIfAbsent(conversation, name -> new Known());
    }

    Set<Conversation> conversations() {
        return conversations.keySet();
    }

    /** By number; the map is not to be changed. */
    Map<Long, Folded> messages(Conversation conversation) {
        Known known = conversations.get(conversation);
        return known == null ? Map.of() : known.messages;
    }

    /** Whether it shows this message as it is stored. */
    static boolean isRight(Folded shown, StoredMessage stored) {
        return shown.toString().equals(new Folded(stored).toString());
    }
}
