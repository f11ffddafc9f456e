package io.hongyan.im.core.send;

import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;

/** What a storage gives for messages: their logs, the inboxes, and how far devices have come in both. */
public record MessageStorage(
        MessageLog log,
        History history,
        FanOutLog fanOut,
        Groups groups,
        Inbox inbox,
        InboxTrimmer trimmer,
        Devices devices,
        GroupCursors groupCursors,
        ChangedMessages changed) {

    /** The same with {@code other} in the place of the part of that type. */
    public <P> MessageStorage with(Class<P> port, P other) {
        return new MessageStorage(
                part(MessageLog.class, log, port, other),
                part(History.class, history, port, other),
                part(FanOutLog.class, fanOut, port, other),
                part(Groups.class, groups, port, other),
                part(Inbox.class, inbox, port, other),
                part(InboxTrimmer.class, trimmer, port, other),
                part(Devices.class, devices, port, other),
                part(GroupCursors.class, groupCursors, port, other),
                part(ChangedMessages.class, changed, port, other));
    }

    private static <T> T part(Class<T> type, T present, Class<?> port, Object other) {
        return type == port ? type.cast(other) : present;
    }
}
