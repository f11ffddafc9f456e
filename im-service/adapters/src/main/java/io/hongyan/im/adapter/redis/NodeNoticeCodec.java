package io.hongyan.im.adapter.redis;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.hongyan.im.adapter.redis.wire.Connection;
import io.hongyan.im.adapter.redis.wire.ConversationName;
import io.hongyan.im.adapter.redis.wire.EndSessions;
import io.hongyan.im.adapter.redis.wire.EventStored;
import io.hongyan.im.adapter.redis.wire.GroupChanged;
import io.hongyan.im.adapter.redis.wire.GroupEntryStored;
import io.hongyan.im.adapter.redis.wire.Message;
import io.hongyan.im.adapter.redis.wire.MessageStored;
import io.hongyan.im.adapter.redis.wire.PeerEntry;
import io.hongyan.im.adapter.redis.wire.SessionDisplaced;
import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.NodeNotice.Position;
import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How notices between nodes are written. */
final class NodeNoticeCodec {
    private static final int ENTRY_BYTES = 64;
    private static final int POSITION_BYTES = 24;

    private NodeNoticeCodec() {}

    /** Approximate size in memory and on the wire. */
    static int bytes(NodeNotice notice) {
        if (notice instanceof NodeNotice.MessageStored stored) {
            return ENTRY_BYTES
                    + stored.message().content().length
                    + stored.positions().size() * POSITION_BYTES;
        } else if (notice instanceof NodeNotice.GroupEntryStored stored) {
            return ENTRY_BYTES + stored.message().content().length;
        } else if (notice instanceof NodeNotice.ToUsers told) {
            return ENTRY_BYTES + NoticeCodec.bytes(told.notice()) + told.uids().size() * POSITION_BYTES;
        }
        return ENTRY_BYTES;
    }

    static PeerEntry encode(NodeNotice notice) {
        PeerEntry.Builder entry = PeerEntry.newBuilder();
        if (notice instanceof NodeNotice.MessageStored stored) {
            entry.setMessageStored(encode(stored));
        } else if (notice instanceof NodeNotice.EventStored stored) {
            entry.setEventStored(encode(stored));
        } else if (notice instanceof NodeNotice.GroupEntryStored stored) {
            entry.setGroupEntryStored(GroupEntryStored.newBuilder()
                    .setMessage(encode(stored.message(), stored.message().content()))
                    .setOrigin(encode(stored.origin())));
        } else if (notice instanceof NodeNotice.GroupChanged changed) {
            entry.setGroupChanged(encode(changed));
        } else if (notice instanceof NodeNotice.LookAtConversation look) {
            entry.setLookAtConversation(encode(look.conversation()));
        } else if (notice instanceof NodeNotice.LookAtInbox look) {
            entry.setLookAtInbox(look.uid());
        } else if (notice instanceof NodeNotice.ToUsers told) {
            entry.setToUsers(NoticeCodec.encode(told));
        } else if (notice instanceof NodeNotice.SessionDisplaced displaced) {
            entry.setSessionDisplaced(SessionDisplaced.newBuilder()
                    .setConnection(encode(displaced.connection()))
                    .setByDevice(displaced.byDevice())
                    .setSameDevice(displaced.sameDevice())
                    .setAtMillis(displaced.atMillis()));
        } else if (notice instanceof NodeNotice.EndSessions end) {
            entry.setEndSessions(EndSessions.newBuilder()
                    .setUid(end.uid())
                    .setDevice(end.device())
                    .setWhy(end.why().name()));
        } else {
            entry.setMarkersLeft(true);
        }
        return entry.build();
    }

    /** Empty for a notice of a newer version. */
    static Optional<NodeNotice> decode(PeerEntry entry) {
        return switch (entry.getNoticeCase()) {
            case MESSAGE_STORED -> Optional.of(decode(entry.getMessageStored()));
            case EVENT_STORED -> Optional.of(decode(entry.getEventStored()));
            case GROUP_ENTRY_STORED ->
                Optional.of(new NodeNotice.GroupEntryStored(
                        decode(entry.getGroupEntryStored().getMessage()),
                        decode(entry.getGroupEntryStored().getOrigin())));
            case GROUP_CHANGED -> decode(entry.getGroupChanged());
            case LOOK_AT_CONVERSATION ->
                Optional.of(new NodeNotice.LookAtConversation(decode(entry.getLookAtConversation())));
            case LOOK_AT_INBOX -> Optional.of(new NodeNotice.LookAtInbox(entry.getLookAtInbox()));
            case TO_USERS -> NoticeCodec.decode(entry.getToUsers());
            case SESSION_DISPLACED -> Optional.of(decode(entry.getSessionDisplaced()));
            case END_SESSIONS -> decode(entry.getEndSessions());
            case MARKERS_LEFT -> Optional.of(new NodeNotice.MarkersLeft());
            case NOTICE_NOT_SET -> Optional.empty();
        };
    }

    private static MessageStored encode(NodeNotice.MessageStored stored) {
        MessageStored.Builder encoded = MessageStored.newBuilder()
                .setMessage(encode(stored.message(), stored.message().content()))
                .setOrigin(encode(stored.origin()));
        for (Position position : stored.positions()) {
            encoded.addUids(position.uid()).addSeqs(position.seq());
        }
        return encoded.build();
    }

    private static NodeNotice decode(MessageStored stored) {
        int positions = Math.min(stored.getUidsCount(), stored.getSeqsCount());
        List<Position> decoded = new ArrayList<>(positions);
        for (int i = 0; i < positions; i++) {
            decoded.add(new Position(stored.getUids(i), stored.getSeqs(i)));
        }
        return new NodeNotice.MessageStored(decode(stored.getMessage()), decoded, decode(stored.getOrigin()));
    }

    private static EventStored encode(NodeNotice.EventStored stored) {
        EventStored.Builder encoded = EventStored.newBuilder()
                .setUid(stored.uid())
                .setSeq(stored.entry().seq());
        if (stored.entry().event() instanceof Event.ReadUpTo read) {
            encoded.setReadConversation(encode(read.conversation()))
                    .setReadSeq(read.seq())
                    .setReadOrdinal(read.ordinal());
        }
        return encoded.build();
    }

    private static NodeNotice decode(EventStored stored) {
        if (!stored.hasReadConversation()) {
            return new NodeNotice.LookAtInbox(stored.getUid());
        }
        Event event =
                new Event.ReadUpTo(decode(stored.getReadConversation()), stored.getReadSeq(), stored.getReadOrdinal());
        return new NodeNotice.EventStored(stored.getUid(), new Entry.OfEvent(stored.getSeq(), event));
    }

    private static GroupChanged encode(NodeNotice.GroupChanged changed) {
        GroupChanged.Builder encoded = GroupChanged.newBuilder().setMessage(encode(changed.message(), new byte[0]));
        GroupChange change = changed.change();
        if (change instanceof GroupChange.MembersAdded added) {
            encoded.setKind(GroupChanged.Kind.MEMBERS_ADDED).addAllUids(added.uids());
        } else if (change instanceof GroupChange.MembersRemoved removed) {
            encoded.setKind(GroupChanged.Kind.MEMBERS_REMOVED).addAllUids(removed.uids());
        } else if (change instanceof GroupChange.Joined) {
            encoded.setKind(GroupChanged.Kind.JOINED);
        } else if (change instanceof GroupChange.Left) {
            encoded.setKind(GroupChanged.Kind.LEFT);
        } else if (change instanceof GroupChange.BecameLarge) {
            encoded.setKind(GroupChanged.Kind.BECAME_LARGE);
        }
        return encoded.build();
    }

    private static Optional<NodeNotice> decode(GroupChanged changed) {
        GroupChange change = switch (changed.getKind()) {
            case MEMBERS_ADDED -> new GroupChange.MembersAdded(changed.getUidsList());
            case MEMBERS_REMOVED -> new GroupChange.MembersRemoved(changed.getUidsList());
            case JOINED -> new GroupChange.Joined();
            case LEFT -> new GroupChange.Left();
            case BECAME_LARGE -> new GroupChange.BecameLarge();
            case OTHER, UNRECOGNIZED -> null;
        };
        return Optional.ofNullable(change)
                .map(known -> new NodeNotice.GroupChanged(decode(changed.getMessage()), known));
    }

    private static NodeNotice decode(SessionDisplaced displaced) {
        return new NodeNotice.SessionDisplaced(
                decode(displaced.getConnection()),
                displaced.getByDevice(),
                displaced.getSameDevice(),
                displaced.getAtMillis());
    }

    /** A reason that only a newer version knows still ends the sessions. */
    private static Optional<NodeNotice> decode(EndSessions end) {
        CloseReason why = Arrays.stream(CloseReason.values())
                .filter(known -> known.name().equals(end.getWhy()))
                .findAny()
                .orElse(CloseReason.BY_OPERATOR);
        return Optional.of(new NodeNotice.EndSessions(end.getUid(), end.getDevice(), why));
    }

    private static Connection encode(ConnectionKey key) {
        return Connection.newBuilder()
                .setGate(key.gate())
                .setNumber(key.number())
                .build();
    }

    private static ConnectionKey decode(Connection key) {
        return new ConnectionKey(key.getGate(), key.getNumber());
    }

    static ConversationName encode(Conversation conversation) {
        return ConversationName.newBuilder()
                .setKind(conversation.kind().number())
                .setId(conversation.id())
                .build();
    }

    static Conversation decode(ConversationName name) {
        for (Conversation.Kind kind : Conversation.Kind.values()) {
            if (kind.number() == name.getKind()) {
                return new Conversation(kind, name.getId());
            }
        }
        throw new IllegalArgumentException("no kind of conversation: " + name.getKind());
    }

    private static Message encode(StoredMessage message, byte[] content) {
        return Message.newBuilder()
                .setConversation(encode(message.conversation()))
                .setSeq(message.seq())
                .setOrdinal(message.ordinal())
                .setSender(message.sender())
                .setSenderDevice(message.senderDevice())
                .setClientMessageId(message.clientMessageId())
                .setSentAtMillis(message.sentAtMillis())
                .setContent(bytes(content))
                .build();
    }

    private static StoredMessage decode(Message message) {
        return new StoredMessage(
                decode(message.getConversation()),
                message.getSeq(),
                message.getOrdinal(),
                message.getSender(),
                message.getSenderDevice(),
                message.getClientMessageId(),
                message.getSentAtMillis(),
                message.getContent().toByteArray());
    }

    /** Contents are never changed. */
    static ByteString bytes(byte[] content) {
        return UnsafeByteOperations.unsafeWrap(content);
    }
}
