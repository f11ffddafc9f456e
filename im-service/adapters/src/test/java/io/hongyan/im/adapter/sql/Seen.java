package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups.Membership;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event.ReadUpTo;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.sync.ConversationList.Item;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What clients and readers of the feed see of a storage, as a text to be compared. */
public final class Seen {
    private static final String DEVICE = "android:phone";

    private Seen() {}

    /** What there is of these users and conversations. */
    public static String by(Storage ports, List<String> users, List<Conversation> conversations) {
        Map<String, Object> seen = new TreeMap<>();
        for (String uid : users) {
            DeviceKey device = new DeviceKey(uid, DEVICE);
            seen.put(
                    "inbox of " + uid,
                    texts(ports.inbox().read(uid, 0, 1_000, 1_000_000).entries(), Seen::entry));
            seen.put("head of " + uid, ports.inbox().head(uid));
            seen.put(
                    "device of " + uid,
                    ports.devices().find(device).map(one -> "" + one.cursor()).orElse("none"));
            seen.put("cursors of " + uid, ports.groupCursors().find(device));
            seen.put(
                    "conversations of " + uid,
                    texts(
                                    ports.conversations()
                                            .list(uid, 0, null, 100, 1_000_000)
                                            .items(),
                                    Seen::item)
                            .stream()
                            .sorted()
                            .toList());
            seen.put("groups of " + uid, texts(ports.groups().groupsOf(uid, "", false, 100), Seen::membership));
        }
        for (Conversation conversation : conversations) {
            String id = conversation.id();
            seen.put("head of " + id, ports.history().head(conversation));
            seen.put("members of " + id, texts(ports.groups().members(id, "", 100), Seen::member));
            seen.put(
                    "log of " + id,
                    texts(ports.history().read(conversation, 0, 100, false, 100, 1_000_000), Seen::message));
        }
        Feed.FeedPage page =
                ports.feed().feed().read(FeedPosition.START, FeedPosition.END, Partitions.all(), 1_000, 1_000_000);
        seen.put(
                "feed",
                page.items().stream()
                        .map(item -> item.partition() + " " + item.position() + " "
                                + item.event().key() + " " + item.event().keySeq())
                        .sorted()
                        .toList());
        StringBuilder text = new StringBuilder();
        seen.forEach(
                (what, value) -> text.append(what).append(" = ").append(value).append('\n'));
        return text.toString();
    }

    private static <T> List<String> texts(List<T> all, Function<T, String> text) {
        return all.stream().map(text).toList();
    }

    private static String entry(Entry entry) {
        String what;
        if (entry instanceof Entry.OfMessage of) {
            what = message(of.message());
        } else {
            ReadUpTo read = (ReadUpTo) ((Entry.OfEvent) entry).event();
            what = read.conversation().id() + " read " + read.seq() + "/" + read.ordinal();
        }
        return entry.seq() + ": " + what;
    }

    private static String message(StoredMessage message) {
        return String.join(
                " ",
                message.conversation().id(),
                message.seq() + "/" + message.ordinal(),
                message.sender(),
                message.senderDevice(),
                message.clientMessageId(),
                "" + message.sentAtMillis(),
                HexFormat.of().formatHex(message.content()));
    }

    private static String item(Item item) {
        String peer = item.peer() == null ? "none" : mark(item.peer());
        return item.conversation().id() + " " + item.headSeq() + " unread " + item.unread() + " mine "
                + mark(item.mine()) + " peer " + peer + " joined " + item.joinedOrdinal();
    }

    private static String mark(Mark mark) {
        return mark.deliveredSeq() + " " + mark.readSeq() + "/" + mark.readOrdinal();
    }

    private static String membership(Membership one) {
        GroupInfo group = one.group();
        return group.id() + " " + group.name() + " of " + group.owner() + " " + group.memberCount() + "/"
                + group.membersMax() + " version " + group.membersVersion() + " large " + group.largeSeq() + " at "
                + group.createdAtMillis() + " " + member(one.member());
    }

    private static String member(GroupMember member) {
        return member.uid() + " " + member.role() + " since " + member.joinedSeq() + " muted "
                + member.mutedUntilMillis();
    }
}
