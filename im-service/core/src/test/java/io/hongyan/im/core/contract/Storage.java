package io.hongyan.im.core.contract;

import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.hint.Hints;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.push.Pushes;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.send.ChangedMessages;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;

/** All ports of one storage, as the kit needs them. After {@link #reopen()} the accessors may give other objects. */
public interface Storage extends AutoCloseable {
    io.hongyan.im.core.Storage ports();

    default MessageLog log() {
        return ports().log();
    }

    default Inbox inbox() {
        return ports().inbox();
    }

    default Devices devices() {
        return ports().devices();
    }

    default Users users() {
        return ports().users();
    }

    default History history() {
        return ports().history();
    }

    default Marks marks() {
        return ports().marks();
    }

    default ConversationList conversations() {
        return ports().conversations();
    }

    default InboxTrimmer trimmer() {
        return ports().trimmer();
    }

    default Groups groups() {
        return ports().groups();
    }

    default FanOutLog fanOut() {
        return ports().fanOut();
    }

    default ChangedMessages changed() {
        return ports().changed();
    }

    default FeedStorage feed() {
        return ports().feed();
    }

    default Hints hints() {
        return ports().hints();
    }

    default GroupCursors groupCursors() {
        return ports().groupCursors();
    }

    default Pushes pushes() {
        return ports().pushes();
    }

    /** Of a storage that outlives the process. */
    default DataEpochs dataEpochs() {
        throw new UnsupportedOperationException();
    }

    /** What a restart of the process does: everything held in memory is gone, everything durable is there. */
    void reopen();

    @Override
    void close();
}
