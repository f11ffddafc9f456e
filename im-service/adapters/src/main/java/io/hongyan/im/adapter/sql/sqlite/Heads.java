package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.HeadMapper;
import io.hongyan.im.adapter.sql.HeadMapper.StoredHead;
import io.hongyan.im.adapter.sql.InboxHead;
import io.hongyan.im.adapter.sql.sqlite.InboxRows.Place;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The heads of conversations and inboxes, in memory while they are in use. They are not stored: the head is the highest
 * number among the rows, so rows and head cannot differ. Writer's thread only, within a transaction.
 */
final class Heads implements SqliteWriter.Remembering {
    private final SqliteWriter writer;
    private final KeyCache<String, InboxHead> inboxes;
    private final KeyCache<Conversation, ConversationHead> conversations;

    /** Of all messages; 0 where it is to be read again. */
    private long lastMessageId;

    Heads(SqliteWriter writer, int cachedHeadsMax) {
        this.writer = writer;
        this.inboxes = new KeyCache<>(cachedHeadsMax);
        this.conversations = new KeyCache<>(cachedHeadsMax);
        writer.tell(inboxes);
        writer.tell(conversations);
        writer.tell(this);
    }

    /** Null where there is no such user. */
    InboxHead inbox(String uid) {
        InboxHead known = inboxes.get(uid);
        if (known == null) {
            known = mapper().findInbox(uid);
            if (known != null) {
                inboxes.put(uid, known);
            }
        }
        return known;
    }

    /** Of two users, or of a user and a channel; null where there is no such conversation. */
    ConversationHead conversation(Conversation conversation) {
        ConversationHead known = conversations.get(conversation);
        if (known == null && (conversation.kind() == Kind.DIRECT || conversation.kind() == Kind.SYSTEM)) {
            StoredHead row = mapper().findConversation(conversation.kind().number(), conversation.id());
            if (row != null) {
                known = remember(conversation, row.id(), row.head(), row.ordinal());
            }
        }
        return known;
    }

    /** Makes a conversation of two users, or one, with a mark for each. */
    ConversationHead make(Conversation conversation, InboxHead low, InboxHead high) {
        long id = mapper().insertConversation(
                        conversation.kind().number(), conversation.id(), low.userId(), high.userId());
        mapper().insertMark(low.userId(), id);
        if (low != high) {
            mapper().insertMark(high.userId(), id);
        }
        return remember(conversation, id, 0, 0);
    }

    /** Makes the row of a conversation that has no two users. */
    long makeConversation(Conversation conversation) {
        return mapper().insertConversation(conversation.kind().number(), conversation.id(), null, null);
    }

    /**
     * Puts a message into the inboxes of users that exist.
     *
     * @param uids none twice
     */
    List<InboxPosition> fanOut(List<String> uids, long conversationId, long seq) throws SQLException {
        List<Place> places = new ArrayList<>(uids.size());
        List<InboxPosition> positions = new ArrayList<>(uids.size());
        for (String uid : uids) {
            InboxHead inbox = inbox(uid);
            places.add(new Place(inbox.userId(), next(inbox)));
            positions.add(new InboxPosition(uid, inbox.head()));
        }
        writer.inboxRows().insert(places, conversationId, seq);
        return positions;
    }

    /** The next number in an inbox; its row must be written before anything else is asked here. */
    long next(InboxHead inbox) {
        inboxes.touched(inbox.uid());
        inbox.moveTo(inbox.head() + 1);
        return inbox.head();
    }

    /** The place of the next message among all. */
    long nextMessageId() {
        if (lastMessageId == 0) {
            lastMessageId = mapper().findLastMessageId();
        }
        return ++lastMessageId;
    }

    /** The number just given has been given to a row. */
    void took(ConversationHead conversation, StoredMessage newest) {
        conversations.touched(conversation.conversation());
        conversation.moveTo(newest);
    }

    @Override
    public void committed() {
        // What was given has become rows.
    }

    @Override
    public void undone() {
        lastMessageId = 0;
    }

    private HeadMapper mapper() {
        return writer.mapper(HeadMapper.class);
    }

    private ConversationHead remember(Conversation conversation, long id, long head, long ordinal) {
        ConversationHead made = new ConversationHead(conversation, id, head, ordinal);
        conversations.put(conversation, made);
        return made;
    }
}
