package io.hongyan.im.core.contract;

import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Joined;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The simplest thing that behaves as the log, inbox, mark and list ports should; random tests compare with it. It knows direct
 * conversations and an open, small group that users enter and leave by themselves.
 */
final class StorageModel {
    private final Set<String> users = new HashSet<>();
    private final Map<Conversation, List<StoredMessage>> log = new HashMap<>();
    private final Map<String, List<Entry>> inboxes = new HashMap<>();
    private final Map<List<Object>, Appended.Repeated> known = new HashMap<>();
    private final Map<List<Object>, Mark> marks = new HashMap<>();
    private final Map<Conversation, Set<String>> members = new HashMap<>();
    private final Map<List<Object>, Stay> stays = new HashMap<>();
    private final Set<List<Object>> changes = new HashSet<>();

    /**
     * What a user sees of a conversation.
     *
     * @param joinedSeq 0 in a direct conversation, of which there is nothing before
     */
    private record Stay(long joinedSeq, long leftSeq) {}

    void ensure(String uid) {
        users.add(uid);
    }

    Appended append(Draft draft, long nowMillis) {
        List<Object> key = List.of(draft.conversation(), draft.sender(), draft.clientMessageId());
        if (known.containsKey(key)) {
            return known.get(key);
        }
        Set<String> recipients = recipients(draft);
        if (recipients.isEmpty()) {
            boolean group = draft.conversation().kind() == Conversation.Kind.GROUP;
            return new Appended.Refused(group ? Refusal.NOT_A_MEMBER : Refusal.UNKNOWN_CONVERSATION);
        }
        List<StoredMessage> messages = log.computeIfAbsent(draft.conversation(), c -> new ArrayList<>());
        long ordinal =
                messages.isEmpty() ? 0 : messages.get(messages.size() - 1).ordinal();
        StoredMessage message = new StoredMessage(
                draft.conversation(),
                messages.size() + 1L,
                draft.change() == null ? ordinal + 1 : ordinal,
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                draft.content());
        messages.add(message);
        if (draft.change() != null) {
            changes.add(List.of(draft.conversation(), message.seq()));
        }
        List<InboxPosition> positions = new ArrayList<>();
        for (String uid : recipients) {
            long seq = inbox(uid).size() + 1L;
            inbox(uid).add(new Entry.OfMessage(seq, message));
            positions.add(new InboxPosition(uid, seq));
            stays.putIfAbsent(List.of(uid, draft.conversation()), new Stay(0, Long.MAX_VALUE));
        }
        change(draft, message.seq());
        known.put(
                key,
                new Appended.Repeated(
                        message.seq(),
                        message.ordinal(),
                        nowMillis,
                        positions.get(0).seq()));
        return new Appended.Stored(message, positions);
    }

    /** The sender first; none where it is refused. */
    private Set<String> recipients(Draft draft) {
        Set<String> recipients = new LinkedHashSet<>(List.of(draft.sender()));
        if (draft.conversation().kind() == Conversation.Kind.GROUP) {
            boolean enters = draft.change() instanceof Created || draft.change() instanceof Joined;
            recipients.addAll(members(draft.conversation()));
            return enters || isMember(draft.sender(), draft.conversation()) ? recipients : Set.of();
        }
        String peer = draft.conversation().peerOf(draft.sender());
        recipients.add(peer);
        return users.contains(peer) ? recipients : Set.of();
    }

    private void change(Draft draft, long seq) {
        List<Object> stay = List.of(draft.sender(), draft.conversation());
        if (draft.change() instanceof Created || draft.change() instanceof Joined) {
            members(draft.conversation()).add(draft.sender());
            stays.put(stay, new Stay(seq, Long.MAX_VALUE));
        } else if (draft.change() instanceof Left) {
            members(draft.conversation()).remove(draft.sender());
            stays.put(stay, new Stay(stays.get(stay).joinedSeq(), seq));
        }
    }

    InboxPosition appendReadEvent(Mark mark) {
        raise(mark);
        long seq = inbox(mark.uid()).size() + 1L;
        inbox(mark.uid())
                .add(new Entry.OfEvent(
                        seq, new Event.ReadUpTo(mark.conversation(), mark.readSeq(), mark.readOrdinal())));
        return new InboxPosition(mark.uid(), seq);
    }

    void raise(Mark mark) {
        marks.merge(
                List.of(mark.uid(), mark.conversation()),
                mark,
                (one, other) -> new Mark(
                        mark.uid(),
                        mark.conversation(),
                        Math.max(one.deliveredSeq(), other.deliveredSeq()),
                        Math.max(one.readSeq(), other.readSeq()),
                        Math.max(one.readOrdinal(), other.readOrdinal())));
    }

    Mark mark(String uid, Conversation conversation) {
        return marks.getOrDefault(List.of(uid, conversation), new Mark(uid, conversation, 0, 0, 0));
    }

    boolean isMember(String uid, Conversation group) {
        return members(group).contains(uid);
    }

    private Set<String> members(Conversation group) {
        return members.computeIfAbsent(group, g -> new TreeSet<>());
    }

    /** Whoever has something of a conversation in the inbox has it in the list. */
    Set<Conversation> listed(String uid) {
        Set<Conversation> listed = new HashSet<>();
        for (Entry entry : inbox(uid)) {
            if (entry instanceof Entry.OfMessage message) {
                listed.add(message.message().conversation());
            }
        }
        return listed;
    }

    /** The newest entry that the user sees. */
    StoredMessage last(String uid, Conversation conversation) {
        long head = Math.min(
                log(conversation).size(), stays.get(List.of(uid, conversation)).leftSeq());
        return log(conversation).get((int) head - 1);
    }

    /** Counted message by message: what came after joining, is not read, and stands below nothing that the user wrote last. */
    long unread(String uid, Conversation conversation) {
        StoredMessage last = last(uid, conversation);
        if (last.sender().equals(uid)) {
            return 0;
        }
        long joined = stays.get(List.of(uid, conversation)).joinedSeq();
        long read = mark(uid, conversation).readSeq();
        return log(conversation).stream()
                .mapToLong(StoredMessage::seq)
                .filter(seq -> seq > joined && seq > read && seq <= last.seq())
                .filter(seq -> !changes.contains(List.<Object>of(conversation, seq)))
                .count();
    }

    /** Users whose marks are kept. */
    Set<String> readers(Conversation conversation) {
        return conversation.kind() == Conversation.Kind.GROUP
                ? members(conversation)
                : new TreeSet<>(List.of(conversation.low(), conversation.high()));
    }

    List<StoredMessage> log(Conversation conversation) {
        return log.getOrDefault(conversation, List.of());
    }

    Set<Conversation> conversations() {
        return log.keySet();
    }

    Set<String> users() {
        return users;
    }

    List<Entry> inbox(String uid) {
        return inboxes.computeIfAbsent(uid, u -> new ArrayList<>());
    }
}
