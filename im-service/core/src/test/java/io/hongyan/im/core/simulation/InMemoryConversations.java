package io.hongyan.im.core.simulation;

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
    public Page list(String uid, long afterInboxSeq, String page, int limit) {
        synchronized (storage) {
            InMemoryStorage.UserInbox inbox = storage.inbox(uid);
            if (inbox == null) {
                return new Page(List.of(), 0, null);
            }
            int place = 0;
            int from = page == null ? 0 : Integer.parseInt(page);
            boolean all = afterInboxSeq + 1 < inbox.oldest();
            List<Item> items = new ArrayList<>();
            for (Map.Entry<Conversation, Long> last : inbox.lastEntries().entrySet()) {
                if (place++ < from || (!all && last.getValue() <= afterInboxSeq)) {
                    continue;
                }
                if (items.size() == limit) {
                    return new Page(List.copyOf(items), inbox.head(), Integer.toString(place - 1));
                }
                items.add(item(uid, last.getKey()));
            }
            return new Page(List.copyOf(items), inbox.head(), null);
        }
    }

    private Item item(String uid, Conversation conversation) {
        List<StoredMessage> log = storage.log(conversation);
        String peer = conversation.peerOf(uid);
        return new Item(
                conversation,
                log.size(),
                log.isEmpty() ? null : log.get(log.size() - 1),
                storage.marks().find(uid, conversation),
                peer.equals(uid) ? null : storage.marks().find(peer, conversation),
                1);
    }
}
