package io.hongyan.client.data;

/** What is known of a conversation as a whole. Numbers only rise; unread is a difference, nobody counts messages. */
public final class ConversationRow {
    private final ConversationId id;
    private final boolean listed;
    private final long headSeq;
    private final long headOrdinal;
    private final long readOrdinal;

    /**
     * As it was stored.
     *
     * @param listed whether a list of the server has named it: before that, what is read of it is not known
     * @param headSeq the newest number of its log
     * @param headOrdinal how many messages it has
     * @param readOrdinal how many of them are read
     */
    public ConversationRow(ConversationId id, boolean listed, long headSeq, long headOrdinal, long readOrdinal) {
        this.id = id;
        this.listed = listed;
        this.headSeq = headSeq;
        this.headOrdinal = headOrdinal;
        this.readOrdinal = readOrdinal;
    }

    static ConversationRow unknown(ConversationId id) {
        return new ConversationRow(id, false, 0, 0, 0);
    }

    ConversationRow raised(long seq, long head, long read) {
        return new ConversationRow(
                id, listed, Math.max(headSeq, seq), Math.max(headOrdinal, head), Math.max(readOrdinal, read));
    }

    ConversationRow withListed(boolean newListed) {
        return new ConversationRow(id, newListed, headSeq, headOrdinal, readOrdinal);
    }

    /** Which conversation. */
    public ConversationId id() {
        return id;
    }

    /** Whether the server's list has named it since something of it may have been missed. */
    public boolean listed() {
        return listed;
    }

    /** The newest number of its log. */
    public long headSeq() {
        return headSeq;
    }

    /** How many messages it has. */
    public long headOrdinal() {
        return headOrdinal;
    }

    /** How many messages are read. */
    public long readOrdinal() {
        return readOrdinal;
    }

    /** How many messages are not read. */
    public long unread() {
        return Math.max(0, headOrdinal - readOrdinal);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConversationRow && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id + (listed ? " " : " unlisted ") + headSeq + "/" + headOrdinal + " read " + readOrdinal;
    }
}
