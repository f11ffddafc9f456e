package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.Feed.FeedPage;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks whether conversations, inboxes and feed are whole after a test in which everything was sent again that failed. */
final class TwoNodesCheck {
    private static final int ALL = 10_000_000;

    private final Storage storage;

    TwoNodesCheck(Storage storage) {
        this.storage = storage;
    }

    /** @param acknowledged numbers by client message id */
    void check(Map<Conversation, Map<String, Long>> acknowledged) {
        Set<String> uids = new TreeSet<>();
        for (Map.Entry<Conversation, Map<String, Long>> one : acknowledged.entrySet()) {
            checkLog(one.getKey(), one.getValue());
            uids.addAll(membersOf(one.getKey()));
        }
        for (String uid : uids) {
            checkInbox(uid, acknowledged.keySet());
        }
        checkFeed(acknowledged.keySet());
    }

    private List<StoredMessage> log(Conversation conversation) {
        return storage.history().read(conversation, 0, Long.MAX_VALUE, false, ALL, ALL);
    }

    private void checkLog(Conversation conversation, Map<String, Long> acknowledged) {
        Map<String, Long> stored = new HashMap<>();
        long seq = 0;
        for (StoredMessage message : log(conversation)) {
            assertThat(message.seq()).as("gapless in %s", conversation).isEqualTo(++seq);
            Long before = stored.put(message.clientMessageId(), message.seq());
            assertThat(before).as("%s twice", message.clientMessageId()).isNull();
        }
        assertThat(stored).containsAllEntriesOf(acknowledged);
        assertThat(storage.history().head(conversation)).isEqualTo(seq);
    }

    private List<String> membersOf(Conversation conversation) {
        return conversation.kind() == Kind.DIRECT
                ? List.of(conversation.low(), conversation.high())
                : storage.groups().members(conversation.id(), "", ALL).stream()
                        .map(GroupMember::uid)
                        .toList();
    }

    /** Every message of the user's conversations stands in it once, in order. */
    private void checkInbox(String uid, Set<Conversation> conversations) {
        InboxPage page = storage.inbox().read(uid, 0, ALL, ALL);
        Map<Conversation, Long> last = new HashMap<>();
        long seq = 0;
        for (Entry entry : page.entries()) {
            assertThat(entry.seq()).as("gapless inbox of %s", uid).isEqualTo(++seq);
            StoredMessage message = ((Entry.OfMessage) entry).message();
            long before = last.getOrDefault(message.conversation(), 0L);
            assertThat(message.seq()).as("in order for %s", uid).isEqualTo(before + 1);
            last.put(message.conversation(), message.seq());
        }
        assertThat(page.headSeq()).isEqualTo(seq);
        for (Conversation conversation : conversations) {
            if (membersOf(conversation).contains(uid)) {
                assertThat(last.get(conversation))
                        .as("%s has all of %s", uid, conversation)
                        .isEqualTo(storage.history().head(conversation));
            }
        }
    }

    private void checkFeed(Set<Conversation> conversations) {
        Map<String, Long> last = new HashMap<>();
        Set<String> keys = new HashSet<>();
        FeedPosition position = FeedPosition.START;
        long events = 0;
        FeedPage page;
        do {
            page = storage.feed().feed().read(position, FeedPosition.END, Partitions.all(), 500, ALL);
            for (FeedEvent event : page.events()) {
                assertThat(event.keySeq()).as("in order in the feed").isEqualTo(last.getOrDefault(event.key(), 0L) + 1);
                last.put(event.key(), event.keySeq());
                keys.add(event.key());
                events++;
            }
            position = page.next();
        } while (!page.items().isEmpty());
        assertThat(events)
                .as("messages in the feed")
                .isEqualTo(conversations.stream()
                        .mapToLong(conversation -> storage.history().head(conversation))
                        .sum());
        assertThat(keys).hasSameSizeAs(conversations);
    }
}
