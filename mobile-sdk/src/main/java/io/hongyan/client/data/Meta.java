package io.hongyan.client.data;

/** What a device knows beside conversations, messages and outbox. */
public final class Meta {
    private final String epoch;
    private final InboxPosition inbox;
    private final boolean listed;
    private final long lastId;

    /**
     * As it was stored.
     *
     * @param epoch of the data that all numbers belong to; empty while none was told
     * @param listed whether the list of conversations was read to its end, and no entry was missed since
     * @param lastId highest local id and place in the outbox that was given
     */
    public Meta(String epoch, InboxPosition inbox, boolean listed, long lastId) {
        this.epoch = epoch;
        this.inbox = inbox;
        this.listed = listed;
        this.lastId = lastId;
    }

    /** Of a new device. */
    public static Meta ofNewDevice() {
        return new Meta("", new InboxPosition(), false, 0);
    }

    /** Of the data that all numbers belong to; empty while none was told. */
    public String epoch() {
        return epoch;
    }

    /** Which entries of the inbox are known. A copy. */
    public InboxPosition inbox() {
        return inbox.copy();
    }

    /** Whether the list of conversations was read to its end, and no entry was missed since. */
    public boolean listed() {
        return listed;
    }

    /** Highest local id and place in the outbox that was given. */
    public long lastId() {
        return lastId;
    }

    @Override
    public String toString() {
        return "epoch " + epoch + " inbox " + inbox + (listed ? " listed " : " unlisted ") + lastId;
    }
}
