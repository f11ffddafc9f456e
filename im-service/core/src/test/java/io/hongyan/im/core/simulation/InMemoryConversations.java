package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.Groups.MembershipInterval;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.sync.ConversationList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The conversation lists of an {@link InMemoryStorage}: in the order of the first entry. */
final class InMemoryConversations implements ConversationList {
    private final InMemoryStorage storage;

    InMemoryConversations(InMemoryStorage storage) {
        this.storage = storage;
    }

    @Override
    public Page list(String uid, long afterInboxSeq, String page, int limit, int bytesMax) {
        synchronized (storage) {
            InMemoryStorage.UserInbox inbox = storage.inbox(uid);
            if (inbox == null) {
                return new Page(List.of(), 0, null);
            }
            int place = 0;
            long bytes = 0;
            int from = page == null ? 0 : Integer.parseInt(page);
            boolean all = afterInboxSeq < inbox.oldest() - 1;
            List<Item> items = new ArrayList<>();
            for (Map.Entry<Conversation, Long> last : inbox.lastEntries().entrySet()) {
                boolean changed = all || last.getValue() > afterInboxSeq || inLargeGroup(uid, last.getKey());
                if (place++ < from || !changed || leftAndDissolved(uid, last.getKey())) {
                    continue;
                }
                Item item = item(uid, last.getKey());
                int size = item.last() == null ? 0 : item.last().bytes();
                if (items.size() == limit || bytes + size > bytesMax && !items.isEmpty()) {
                    return new Page(List.copyOf(items), inbox.head(), Integer.toString(place - 1));
                }
                items.add(item);
                bytes += size;
            }
            return new Page(List.copyOf(items), inbox.head(), null);
        }
    }

    @Override
    public Some only(String uid, List<Conversation> asked, int bytesMax) {
        synchronized (storage) {
            InMemoryStorage.UserInbox inbox = storage.inbox(uid);
            long bytes = 0;
            List<Item> items = new ArrayList<>();
            for (int i = 0; inbox != null && i < asked.size(); i++) {
                Conversation conversation = asked.get(i);
                if (!inbox.lastEntries().containsKey(conversation) || leftAndDissolved(uid, conversation)) {
                    continue;
                }
                Item item = item(uid, conversation);
                int size = item.last() == null ? 0 : item.last().bytes();
                if (bytes + size > bytesMax && !items.isEmpty()) {
                    return new Some(List.copyOf(items), i);
                }
                items.add(item);
                bytes += size;
            }
            return new Some(List.copyOf(items), asked.size());
        }
    }

    private boolean inLargeGroup(String uid, Conversation conversation) {
        return conversation.kind() == Conversation.Kind.GROUP
                && storage.groups().isLarge(conversation)
                && storage.groups().member(conversation.id(), uid).isPresent();
    }

    private boolean leftAndDissolved(String uid, Conversation conversation) {
        return conversation.kind() == Conversation.Kind.GROUP
                && storage.groups().find(conversation.id()).orElseThrow().dissolved()
                && storage.groups().member(conversation.id(), uid).isEmpty();
    }

    private Item item(String uid, Conversation conversation) {
        List<StoredMessage> log = storage.log(conversation);
        long head = log.size();
        long joined = 0;
        String peer = conversation.peerOf(uid);
        boolean hasPeer = conversation.kind() == Conversation.Kind.DIRECT && !peer.equals(uid);
        if (conversation.kind() == Conversation.Kind.GROUP) {
            MembershipInterval newest = storage.groups()
                    .membershipIntervals(conversation.id(), uid, 1)
                    .get(0);
            joined = storage.groups().joinedOrdinal(conversation.id(), uid);
            head = Math.min(head, newest.toSeq());
        }
        return new Item(
                conversation,
                head,
                head == 0 ? null : log.get((int) head - 1),
                storage.marks().find(uid, conversation),
                hasPeer ? storage.marks().find(peer, conversation) : null,
                joined);
    }
}
