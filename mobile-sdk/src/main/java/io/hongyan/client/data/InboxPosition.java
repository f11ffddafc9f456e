package io.hongyan.client.data;

/**
 * Which numbers of the inbox are known: each was delivered, or an answer has named it as an own message. Everything up to
 * the cursor, and some above it while a number between is missing. A new device does not know where its inbox begins: the
 * first entry that is delivered says so.
 */
public final class InboxPosition {
    private boolean begun;
    private long cursor;
    private final Spans ahead;

    /** Of a new device. */
    public InboxPosition() {
        this(false, 0, new Spans());
    }

    /**
     * As it was stored.
     *
     * @param begun whether it is known where the inbox begins
     * @param ahead known numbers above the cursor
     */
    public InboxPosition(boolean begun, long cursor, Spans ahead) {
        this.begun = begun;
        this.cursor = cursor;
        this.ahead = new Spans(ahead);
    }

    InboxPosition copy() {
        return new InboxPosition(begun, cursor, ahead);
    }

    /** The inbox begins at {@code seq} at the latest: called with each entry that is delivered. */
    void begin(long seq) {
        if (!begun) {
            begun = true;
            cursor = seq - 1;
            ahead.removeUpTo(cursor);
            advance();
        }
    }

    /** The numbers have no meaning any more. */
    void forget() {
        begun = false;
        cursor = 0;
        ahead.clear();
    }

    /** These numbers are known from now on. */
    void know(long first, long last) {
        ahead.add(Math.max(first, cursor + 1), last);
        advance();
    }

    private void advance() {
        if (begun) {
            cursor = ahead.lastFrom(cursor + 1);
            ahead.removeUpTo(cursor);
        }
    }

    boolean knows(long seq) {
        return begun && seq <= cursor || ahead.contains(seq);
    }

    /** Whether a number is missing below one that is known. */
    boolean hasHole() {
        return begun && !ahead.isEmpty();
    }

    /** Whether it is known where the inbox begins. */
    public boolean begun() {
        return begun;
    }

    /** Everything up to here is known; 0 before the inbox begins. */
    public long cursor() {
        return cursor;
    }

    /** Known numbers above the cursor. A copy. */
    public Spans ahead() {
        return new Spans(ahead);
    }

    @Override
    public String toString() {
        return (begun ? cursor : "new") + "+" + ahead;
    }
}
