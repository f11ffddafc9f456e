package io.hongyan.im.core.inbox;

/** The inbox on its way to one connection. */
final class InboxStream extends EntryStream {
    /** What stands up to here is told as trimmed. Written before it begins. */
    private long skippedTo;

    InboxStream(ConnectionStreams owner, boolean tracked) {
        super(owner, tracked);
    }

    @Override
    public String group() {
        return null;
    }

    /**
     * The device is to be told first that it has missed what stands up to a number.
     *
     * @return where it begins
     */
    long skipTo(long seq) {
        skippedTo = seq;
        return seq - 1;
    }

    @Override
    Read read(long afterSeq) {
        InboxPage page = owner.delivery().readPage(owner.device().uid(), Math.max(afterSeq, skippedTo));
        return new Read(
                afterSeq >= skippedTo
                        ? page
                        : new InboxPage(page.entries(), page.headSeq(), Math.max(page.oldestSeq(), skippedTo + 1)),
                Long.MAX_VALUE);
    }

    @Override
    void cursorMoved(long seq) {
        if (tracked) {
            owner.delivery().cursors().moved(owner.device(), seq);
        }
        owner.inboxAcknowledged(seq);
    }

    @Override
    void finished() {
        throw new IllegalStateException("an inbox has no end");
    }
}
