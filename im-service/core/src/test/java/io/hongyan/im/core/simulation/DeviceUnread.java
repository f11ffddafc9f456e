package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.sync.ConversationList.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a client counts as unread by itself, from a list on, by what comes after it: as the description of the wire says. */
final class DeviceUnread {
    private final String uid;
    private final ChangeContents contents;
    private final Map<Conversation, State> states = new HashMap<>();
    private long version;
    private int gaps;
    private int repaired;

    /** Ordinals of the newest entry, and of the newest that is not unread. */
    static final class State {
        private long head;
        private long read;
        private boolean listed;

        /** Something of it is missing: what is known is right again after the next list. */
        private boolean incomplete;

        private void raise(long newHead, long newRead) {
            head = Math.max(head, newHead);
            read = Math.max(read, newRead);
        }

        long head() {
            return head;
        }

        long read() {
            return read;
        }
    }

    DeviceUnread(String uid, ChangeContents contents) {
        this.uid = uid;
        this.contents = contents;
    }

    /** An entry of the inbox, or of a large group. */
    void take(String group, Entry entry) {
        if (entry instanceof Entry.OfMessage of) {
            StoredMessage message = of.message();
            boolean read = message.sender().equals(uid) || adds(contents.changeIn(message));
            of(message.conversation()).raise(message.ordinal(), read ? message.ordinal() : 0);
        } else if (entry instanceof Entry.OfEvent event && event.event() instanceof Event.ReadUpTo read) {
            of(read.conversation()).raise(0, read.ordinal());
        } else if (group == null) {
            lost();
        } else {
            gaps++;
            of(Conversation.group(group)).incomplete = true;
        }
    }

    private boolean adds(GroupChange change) {
        return change instanceof GroupChange.MembersAdded added && added.uids().contains(uid)
                || change instanceof GroupChange.Created created
                        && created.members().contains(uid);
    }

    void sent(Conversation conversation, SendOutcome.Stored answer) {
        of(conversation).raise(answer.ordinal(), answer.ordinal());
    }

    void listed(List<Item> items) {
        for (Item item : items) {
            State state = of(item.conversation());
            state.raise(item.headOrdinal(), item.readOrdinal());
            state.listed = true;
            repair(state);
        }
    }

    /**
     * A list of all conversations, or of all that have changed since the last version, has been given to its end: the others
     * are as they were.
     */
    void listedAll(long newVersion) {
        states.values().forEach(this::repair);
        version = Math.max(version, newVersion);
    }

    private void repair(State state) {
        repaired += state.incomplete && state.listed ? 1 : 0;
        state.incomplete = false;
    }

    /** Something is missing: only a list says what has become of it. */
    void lost() {
        gaps++;
        states.values().forEach(state -> state.incomplete = true);
    }

    boolean wasListed(Conversation conversation) {
        return states.containsKey(conversation) && states.get(conversation).listed;
    }

    /** Of the newest list that was given to its end, 0 where there was none. */
    long version() {
        return version;
    }

    /** Whether a list has to say what has become of something. */
    boolean isIncomplete() {
        return states.values().stream().anyMatch(state -> state.listed && state.incomplete);
    }

    /** How often something was missing. */
    int gaps() {
        return gaps;
    }

    /** How often a list gave back what was missing of a conversation. */
    int repaired() {
        return repaired;
    }

    /** Null where it was not listed, or not since something of it is missing. */
    State find(Conversation conversation) {
        State state = states.get(conversation);
        return state == null || !state.listed || state.incomplete ? null : state;
    }

    private State of(Conversation conversation) {
        return states.computeIfAbsent(conversation, name -> new State());
    }
}
