package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.GroupMapper;
import io.hongyan.im.adapter.sql.GroupMapper.StoredGroup;
import io.hongyan.im.adapter.sql.HeadMapper;
import io.hongyan.im.adapter.sql.HeadMapper.StoredHead;
import io.hongyan.im.adapter.sql.InboxHead;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
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

    /** Null where there is no such conversation. */
    ConversationHead conversation(Conversation conversation) {
        ConversationHead known = conversations.get(conversation);
        if (known == null) {
            known = conversation.kind() == Kind.GROUP ? findGroup(conversation) : find(conversation);
            if (known != null) {
                conversations.put(conversation, known);
            }
        }
        return known;
    }

    /** Null where there is no such group. */
    GroupHead group(Conversation conversation) {
        return conversation(conversation) instanceof GroupHead group ? group : null;
    }

    private ConversationHead find(Conversation conversation) {
        StoredHead row = mapper().findConversation(conversation.kind().number(), conversation.id());
        return row == null ? null : new ConversationHead(conversation, row.id(), row.head(), row.ordinal());
    }

    private GroupHead findGroup(Conversation conversation) {
        StoredGroup row = writer.mapper(GroupMapper.class).findStored(conversation.id());
        return row == null
                ? null
                : new GroupHead(
                        conversation, row.conversationId(), row.head(), row.ordinal(), row.info(), row.fanningOut());
    }

    /** Makes a conversation of two users, or one, with a mark for each. */
    ConversationHead make(Conversation conversation, InboxHead low, InboxHead high) {
        long id = mapper().insertConversation(
                        conversation.kind().number(), conversation.id(), low.userId(), high.userId());
        mapper().insertMark(low.userId(), id);
        if (low != high) {
            mapper().insertMark(high.userId(), id);
        }
        return remember(new ConversationHead(conversation, id, 0, 0));
    }

    /** Makes the conversation of a group. */
    GroupHead make(Conversation conversation, GroupInfo info) {
        long id = mapper().insertConversation(conversation.kind().number(), conversation.id(), null, null);
        return remember(new GroupHead(conversation, id, 0, 0, info, false));
    }

    /** Who exists, in the same order. */
    List<InboxHead> inboxes(Collection<String> uids) {
        List<InboxHead> found = new ArrayList<>(uids.size());
        for (String uid : uids) {
            found.add(inbox(uid));
        }
        return found;
    }

    /** Puts a message into inboxes, none twice. */
    List<InboxPosition> fanOut(List<InboxHead> recipients, long conversationId, long seq) throws SQLException {
        List<InboxPosition> positions = new ArrayList<>(recipients.size());
        for (InboxHead inbox : recipients) {
            positions.add(new InboxPosition(inbox.uid(), next(inbox)));
        }
        writer.inboxRows().insert(recipients, conversationId, seq);
        return positions;
    }

    /** The next number in an inbox; its row must be written before anything else is asked here. */
    long next(InboxHead inbox) {
        inboxes.touched(inbox.uid(), inbox);
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
        changing(conversation);
        conversation.moveTo(newest);
    }

    /** What is known of a conversation is about to change with its rows. */
    void changing(ConversationHead conversation) {
        conversations.touched(conversation.conversation(), conversation);
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

    private <H extends ConversationHead> H remember(H made) {
        conversations.put(made.conversation(), made);
        return made;
    }
}
