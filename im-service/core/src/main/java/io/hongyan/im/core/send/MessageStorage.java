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
        GroupCursors groupCursors) {}
