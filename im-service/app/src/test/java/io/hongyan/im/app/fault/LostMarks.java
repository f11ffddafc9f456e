package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.receipt.Marks;
import java.util.Collection;
import java.util.List;

/** Writes no mark that a user has set. */
final class LostMarks implements Marks {
    private final Marks marks;

    private LostMarks(Marks marks) {
        this.marks = marks;
    }

    static Storage around(Storage storage) {
        return storage.with(Marks.class, new LostMarks(storage.marks()));
    }

    @Override
    public PartialResult<Mark> raise(Collection<Mark> raised) {
        return marks.raise(raised);
    }

    @Override
    public Mark find(String uid, Conversation conversation) {
        return marks.find(uid, conversation);
    }

    @Override
    public ReadEvents appendReadEvents(Collection<Mark> read) {
        // The fault.
        return new ReadEvents(List.of());
    }

    @Override
    public EntryReceipts receiptsOf(Conversation conversation, long seq, String sender, int limit) {
        return marks.receiptsOf(conversation, seq, sender, limit);
    }
}
