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
import io.hongyan.im.core.send.ChangedMessages;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.send.MessageStorage;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;

/** Everything the core asks of a storage, in one place, feature by feature; each part can be wrapped on its own. */
public record Storage(
        MessageStorage messages,
        Users users,
        Marks marks,
        ConversationList conversations,
        Hints hints,
        FeedStorage feed,
        Pushes pushes) {

    /** The same with {@code other} in the place of the part of that type. */
    public <P> Storage with(Class<P> port, P other) {
        return new Storage(
                messages.with(port, other),
                part(Users.class, users, port, other),
                part(Marks.class, marks, port, other),
                part(ConversationList.class, conversations, port, other),
                part(Hints.class, hints, port, other),
                part(FeedStorage.class, feed, port, other),
                part(Pushes.class, pushes, port, other));
    }

    private static <T> T part(Class<T> type, T present, Class<?> port, Object other) {
        return type == port ? type.cast(other) : present;
    }

    public MessageLog log() {
        return messages.log();
    }

    public History history() {
        return messages.history();
    }

    public FanOutLog fanOut() {
        return messages.fanOut();
    }

    public Groups groups() {
        return messages.groups();
    }

    public Inbox inbox() {
        return messages.inbox();
    }

    public InboxTrimmer trimmer() {
        return messages.trimmer();
    }

    public ChangedMessages changed() {
        return messages.changed();
    }

    public Devices devices() {
        return messages.devices();
    }

    public GroupCursors groupCursors() {
        return messages.groupCursors();
    }
}
