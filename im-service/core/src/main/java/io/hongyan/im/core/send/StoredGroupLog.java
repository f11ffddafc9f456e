package io.hongyan.im.core.send;

import io.hongyan.im.core.inbox.GroupLog;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;

/** The logs of groups as a storage has them. */
record StoredGroupLog(History history, FanOutLog fanOut) implements GroupLog {
    @Override
    public List<StoredMessage> read(Conversation group, long aboveSeq, int entriesMax, int bytesMax) {
        return history.read(group, aboveSeq, Long.MAX_VALUE, false, entriesMax, bytesMax);
    }

    @Override
    public boolean inInboxes(Conversation group, long seq) {
        return !fanOut.isOpen(group, seq);
    }

    @Override
    public long head(Conversation group) {
        return history.head(group);
    }
}
