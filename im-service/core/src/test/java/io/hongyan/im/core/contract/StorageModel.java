package io.hongyan.im.core.contract;

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

/** The simplest thing that behaves as the log, inbox and mark ports should; random tests compare with it. */
final class StorageModel {
    private final Set<String> users = new HashSet<>();
    private final Map<Conversation, List<StoredMessage>> log = new HashMap<>();
    private final Map<String, List<Entry>> inboxes = new HashMap<>();
    private final Map<List<Object>, Appended.Repeated> known = new HashMap<>();
    private final Map<List<Object>, Mark> marks = new HashMap<>();

    void ensure(String uid) {
        users.add(uid);
    }

    Appended append(Draft draft, long nowMillis) {
        List<Object> key = List.of(draft.conversation(), draft.sender(), draft.clientMessageId());
        if (known.containsKey(key)) {
            return known.get(key);
        }
        String peer = draft.conversation().peerOf(draft.sender());
        if (!users.contains(peer)) {
            return new Appended.Refused(Refusal.UNKNOWN_CONVERSATION);
        }
        List<StoredMessage> messages = log.computeIfAbsent(draft.conversation(), c -> new ArrayList<>());
        StoredMessage message = new StoredMessage(
                draft.conversation(),
                messages.size() + 1L,
                messages.size() + 1L,
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                nowMillis,
                draft.content());
        messages.add(message);
        List<InboxPosition> positions = new ArrayList<>();
        for (String uid : new LinkedHashSet<>(List.of(draft.sender(), peer))) {
            long seq = inbox(uid).size() + 1L;
            inbox(uid).add(new Entry.OfMessage(seq, message));
            positions.add(new InboxPosition(uid, seq));
        }
        known.put(
                key,
                new Appended.Repeated(
                        message.seq(),
                        message.ordinal(),
                        nowMillis,
                        positions.get(0).seq()));
        return new Appended.Stored(message, positions);
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
