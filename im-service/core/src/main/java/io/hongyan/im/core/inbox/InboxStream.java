package io.hongyan.im.core.inbox;

/** The inbox on its way to one connection. */
final class InboxStream extends EntryStream {
    InboxStream(ConnectionStreams owner, boolean tracked) {
        super(owner, tracked);
    }

    @Override
    public String group() {
        return null;
    }

    @Override
    Read read(long afterSeq) {
        return new Read(owner.delivery().readPage(owner.device().uid(), afterSeq), Long.MAX_VALUE);
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
