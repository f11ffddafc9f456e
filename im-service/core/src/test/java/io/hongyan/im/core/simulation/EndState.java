package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;
import java.util.Map;

/** What is stored at the end of a run, groups as their logs tell them. */
record EndState(InMemoryStorage storage, Map<Conversation, GroupReplay> groups, Violations violations) {
    void violated(String promise, long atMillis, String how) {
        violations.add(promise, atMillis, how);
    }

    GroupReplay group(String id) {
        return groups.get(Conversation.group(id));
    }

    List<StoredMessage> log(Conversation conversation) {
        return storage.log(conversation);
    }

    /** Whether the user may ever read this entry. */
    boolean readable(String uid, Conversation conversation, long seq) {
        GroupReplay group = groups.get(conversation);
        return group == null ? InMemoryStorage.membersOf(conversation).contains(uid) : group.readable(uid, seq);
    }

    /** What the user's inbox has to hold of a conversation, in order. */
    List<StoredMessage> inInboxOf(String uid, Conversation conversation) {
        GroupReplay group = groups.get(conversation);
        if (group != null) {
            return group.inInboxOf(uid);
        }
        return InMemoryStorage.membersOf(conversation).contains(uid) ? log(conversation) : List.of();
    }
}
