package io.hongyan.client.data.simulation;

import io.hongyan.client.data.ConversationId;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Event;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.ReadUpTo;
import io.hongyan.protocol.v1.SendAck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the model server has stored of one user; a copy of it is a backup. */
final class ServerData {
    static final String ME = "me";
    static final ConversationId BOB = ConversationId.direct("bob");
    static final ConversationId CAROL = ConversationId.direct("carol");
    static final ConversationId GROUP = ConversationId.group("g");
    static final ConversationId LARGE = ConversationId.group("large");
    static final List<ConversationId> CONVERSATIONS = List.of(BOB, CAROL, GROUP, LARGE);

    final Map<ConversationId, List<Message>> logs = new TreeMap<>();
    final Map<ConversationId, Long> read = new TreeMap<>();
    final List<InboxEntry> inbox = new ArrayList<>();
    private final Map<String, SendAck> answers = new HashMap<>();
    /** The lowest number of the inbox that is kept. */
    long oldest = 1;
    /** Up to where the device has acknowledged; -1 while it is not known. */
    long cursor = -1;
    /** The same of the large group. */
    long largeCursor = -1;
    /** Up to where any device has acknowledged. */
    long acknowledged;

    ServerData copy() {
        ServerData copy = new ServerData();
        logs.forEach((id, log) -> copy.logs.put(id, new ArrayList<>(log)));
        copy.read.putAll(read);
        copy.inbox.addAll(inbox);
        copy.answers.putAll(answers);
        copy.oldest = oldest;
        copy.cursor = cursor;
        copy.largeCursor = largeCursor;
        copy.acknowledged = acknowledged;
        return copy;
    }

    List<Message> log(ConversationId id) {
        return logs.computeIfAbsent(id, conversation -> new ArrayList<>());
    }

    long head() {
        return inbox.size();
    }

    long ordinal(ConversationId id) {
        List<Message> log = log(id);
        return log.isEmpty() ? 0 : log.get(log.size() - 1).getOrdinal();
    }

    /** The answer to a message that was stored; null if it was not. */
    SendAck answer(ConversationId id, String from, String clientMessageId) {
        return answers.get(id + " " + from + " " + clientMessageId);
    }

    /**
     * Stores a message.
     *
     * @param named whether the answer names its number in the inbox of its sender
     */
    SendAck store(
            ConversationId id, String from, String device, String clientMessageId, Content content, boolean named) {
        boolean counts = !content.hasChange();
        long ordinal = ordinal(id) + (counts ? 1 : 0);
        boolean received = id.toPeer().getKind() == Peer.Kind.DIRECT && !from.equals(ME);
        Message message = Message.newBuilder()
                .setFrom(from)
                .setFromDevice(device)
                .setTo(received ? ConversationId.direct(ME).toPeer() : id.toPeer())
                .setSeq(log(id).size() + 1)
                .setClientMessageId(clientMessageId)
                .setSentAt(1_700_000_000_000L + inbox.size())
                .setContent(content)
                .setOrdinal(ordinal)
                .build();
        log(id).add(message);
        long inboxSeq = 0;
        if (!id.equals(LARGE)) {
            inboxSeq = head() + 1;
            inbox.add(
                    InboxEntry.newBuilder().setSeq(inboxSeq).setMessage(message).build());
        }
        if (from.equals(ME)) {
            read.merge(id, ordinal, Math::max);
        }
        SendAck answer = SendAck.newBuilder()
                .setClientMessageId(clientMessageId)
                .setSeq(message.getSeq())
                .setSentAt(message.getSentAt())
                .setInboxSeq(named ? inboxSeq : 0)
                .setOrdinal(ordinal)
                .build();
        answers.put(id + " " + from + " " + clientMessageId, answer);
        return answer;
    }

    /** Another device of the user has read a conversation. */
    void readElsewhere(ConversationId id) {
        long ordinal = ordinal(id);
        read.merge(id, ordinal, Math::max);
        ReadUpTo event = ReadUpTo.newBuilder()
                .setPeer(id.toPeer())
                .setSeq(log(id).size())
                .setOrdinal(ordinal)
                .build();
        inbox.add(InboxEntry.newBuilder()
                .setSeq(head() + 1)
                .setEvent(Event.newBuilder().setReadUpTo(event))
                .build());
    }
}
