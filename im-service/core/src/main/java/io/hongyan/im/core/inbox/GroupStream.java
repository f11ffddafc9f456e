package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.Conversation;

/** The log of a large group on its way to one connection; its numbers are those of the conversation. */
final class GroupStream extends EntryStream {
    private final Conversation conversation;

    /** Entries below it are left to history; set by the first read. */
    private long oldestSeq;

    GroupStream(ConnectionStreams owner, Conversation conversation, boolean tracked) {
        super(owner, tracked);
        this.conversation = conversation;
    }

    Conversation conversation() {
        return conversation;
    }

    @Override
    public String group() {
        return conversation.id();
    }

    @Override
    Read read(long afterSeq) {
        GroupDelivery groups = owner.delivery().groups();
        if (oldestSeq == 0) {
            oldestSeq = groups.oldestPushed(conversation, afterSeq);
        }
        return groups.read(conversation, owner.device().uid(), afterSeq, oldestSeq);
    }

    @Override
    void cursorMoved(long seq) {
        if (tracked) {
            owner.delivery().groups().cursors().moved(owner.device(), group(), seq);
        }
    }

    @Override
    void finished() {
        owner.ended(this);
    }

    /** The same in every run, which the default is not: streams are told in an order that follows from it. */
    @Override
    public int hashCode() {
        return 31 * connection().hashCode() + conversation.hashCode();
    }
}
