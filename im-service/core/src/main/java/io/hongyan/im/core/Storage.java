package io.hongyan.im.core;

import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.hint.Hints;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.GroupCursors;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.push.Pushes;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.History;
import io.hongyan.im.core.sync.Marks;

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

    public Storage withLog(MessageLog other) {
        return new Storage(
                other,
                inbox,
                devices,
                groupCursors,
                users,
                history,
                marks,
                conversations,
                trimmer,
                groups,
                fanOut,
                hints,
                feed,
                pushes);
    }

    public Storage withInbox(Inbox other) {
        return new Storage(
                log,
                other,
                devices,
                groupCursors,
                users,
                history,
                marks,
                conversations,
                trimmer,
                groups,
                fanOut,
                hints,
                feed,
                pushes);
    }

    public Storage withDevices(Devices other) {
        return new Storage(
                log,
                inbox,
                other,
                groupCursors,
                users,
                history,
                marks,
                conversations,
                trimmer,
                groups,
                fanOut,
                hints,
                feed,
                pushes);
    }

    public Storage withHistory(History other) {
        return new Storage(
                log,
                inbox,
                devices,
                groupCursors,
                users,
                other,
                marks,
                conversations,
                trimmer,
                groups,
                fanOut,
                hints,
                feed,
                pushes);
    }

    public Storage withConversations(ConversationList other) {
        return new Storage(
                log,
                inbox,
                devices,
                groupCursors,
                users,
                history,
                marks,
                other,
                trimmer,
                groups,
                fanOut,
                hints,
                feed,
                pushes);
    }

    public Storage withFeed(FeedStorage other) {
        return new Storage(
                log,
                inbox,
                devices,
                groupCursors,
                users,
                history,
                marks,
                conversations,
                trimmer,
                groups,
                fanOut,
                hints,
                other,
                pushes);
    }

    public Storage withGroupCursors(GroupCursors other) {
        return new Storage(
                log,
                inbox,
                devices,
                other,
                users,
                history,
                marks,
                conversations,
                trimmer,
                groups,
                fanOut,
                hints,
                feed,
                pushes);
    }

    public Storage withGroups(Groups other) {
        return new Storage(
                log,
                inbox,
                devices,
                groupCursors,
                users,
                history,
                marks,
                conversations,
                trimmer,
                other,
                fanOut,
                hints,
                feed,
                pushes);
    }

    public Storage withFanOut(FanOutLog other) {
        return new Storage(
                log,
                inbox,
                devices,
                groupCursors,
                users,
                history,
                marks,
                conversations,
                trimmer,
                groups,
                other,
                hints,
                feed,
                pushes);
    }
}
