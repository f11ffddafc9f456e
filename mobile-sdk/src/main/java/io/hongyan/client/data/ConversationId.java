package io.hongyan.client.data;

import io.hongyan.protocol.v1.Message;
import io.hongyan.protocol.v1.Peer;

/** Names a conversation as this user sees it: a direct one by the uid of the other user. */
public final class ConversationId implements Comparable<ConversationId> {
    private final int kind;
    private final String id;

    private ConversationId(int kind, String id) {
        this.kind = kind;
        this.id = id;
    }

    /** A conversation with another user. */
    public static ConversationId direct(String uid) {
        return new ConversationId(Peer.Kind.DIRECT_VALUE, uid);
    }

    /** The conversation of a group. */
    public static ConversationId group(String group) {
        return new ConversationId(Peer.Kind.GROUP_VALUE, group);
    }

    /** As the wire names it; kinds that this version does not know are kept as they are. */
    public static ConversationId of(Peer peer) {
        return new ConversationId(peer.getKindValue(), peer.getId());
    }

    /** The conversation of an entry, for the user {@code uid}: a direct message is addressed to its receiver. */
    static ConversationId of(Message message, String uid) {
        Peer to = message.getTo();
        boolean received = to.getKind() == Peer.Kind.DIRECT
                && !message.getFrom().equals(uid)
                && to.getId().equals(uid);
        return received ? direct(message.getFrom()) : of(to);
    }

    /** As the wire names it. */
    public Peer toPeer() {
        return Peer.newBuilder().setKindValue(kind).setId(id).build();
    }

    /** Uid, group or channel. */
    public String id() {
        return id;
    }

    @Override
    public int compareTo(ConversationId other) {
        int byKind = Integer.compare(kind, other.kind);
        return byKind != 0 ? byKind : id.compareTo(other.id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConversationId && compareTo((ConversationId) other) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * kind + id.hashCode();
    }

    @Override
    public String toString() {
        return kind + ":" + id;
    }
}
