package io.hongyan.im.core;

import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.hint.Hints;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.push.Pushes;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;

/** Everything the core asks of a storage, in one place; each part can be wrapped on its own. */
public record Storage(
        MessageLog log,
        Inbox inbox,
        Devices devices,
        GroupCursors groupCursors,
        Users users,
        History history,
        Marks marks,
        ConversationList conversations,
        InboxTrimmer trimmer,
        Groups groups,
        FanOutLog fanOut,
        Hints hints,
        FeedStorage feed,
        Pushes pushes) {

    /** The same with {@code other} in the place of the part of that type. */
    public <P> Storage with(Class<P> port, P other) {
        return new Storage(
                part(MessageLog.class, log, port, other),
                part(Inbox.class, inbox, port, other),
                part(Devices.class, devices, port, other),
                part(GroupCursors.class, groupCursors, port, other),
                part(Users.class, users, port, other),
                part(History.class, history, port, other),
                part(Marks.class, marks, port, other),
                part(ConversationList.class, conversations, port, other),
                part(InboxTrimmer.class, trimmer, port, other),
                part(Groups.class, groups, port, other),
                part(FanOutLog.class, fanOut, port, other),
                part(Hints.class, hints, port, other),
                part(FeedStorage.class, feed, port, other),
                part(Pushes.class, pushes, port, other));
    }

    private static <T> T part(Class<T> type, T present, Class<?> port, Object other) {
        return type == port ? type.cast(other) : present;
    }
}
