package io.hongyan.im.core.contract;

import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.History;
import io.hongyan.im.core.sync.Marks;

/** All ports of one storage, as the kit needs them. After {@link #reopen()} the accessors may give other objects. */
public interface Storage extends AutoCloseable {
    MessageLog log();

    Inbox inbox();

    Devices devices();

    Users users();

    History history();

    Marks marks();

    ConversationList conversations();

    InboxTrimmer trimmer();

    /** What a restart of the process does: everything held in memory is gone, everything durable is there. */
    void reopen();

    @Override
    void close();
}
