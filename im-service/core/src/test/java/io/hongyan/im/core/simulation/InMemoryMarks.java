package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The marks of an {@link InMemoryStorage}. */
final class InMemoryMarks implements Marks {
    private record Key(String uid, Conversation conversation) {}

    private final InMemoryStorage storage;
    private final Map<Key, Mark> marks = new HashMap<>();

    InMemoryMarks(InMemoryStorage storage) {
        this.storage = storage;
    }

    @Override
    public PartialResult<Mark> raise(Collection<Mark> raised) {
        synchronized (storage) {
            for (Mark mark : raised) {
                if (!storage.holds(mark.uid(), mark.conversation())) {
                    continue;
                }
                marks.merge(
                        new Key(mark.uid(), mark.conversation()),
                        mark,
                        (one, other) -> new Mark(
                                one.uid(),
                                one.conversation(),
                                Math.max(one.deliveredSeq(), other.deliveredSeq()),
                                Math.max(one.readSeq(), other.readSeq()),
                                Math.max(one.readOrdinal(), other.readOrdinal())));
            }
            return PartialResult.complete();
        }
    }

    @Override
    public Mark find(String uid, Conversation conversation) {
        synchronized (storage) {
            return marks.getOrDefault(new Key(uid, conversation), new Mark(uid, conversation, 0, 0, 0));
        }
    }

    @Override
    public EntryReceipts receiptsOf(Conversation conversation, long seq, String sender, int limit) {
        synchronized (storage) {
            if (seq < 1 || seq > storage.log(conversation).size()) {
                return new EntryReceipts(0, 0, 0, List.of());
            }
            List<Mark> recipients = storage.readersOf(conversation, seq).stream()
                    .filter(uid -> !uid.equals(sender))
                    .map(uid -> find(uid, conversation))
                    .toList();
            List<String> readers = recipients.stream()
                    .filter(mark -> mark.readSeq() >= seq)
                    .map(Mark::uid)
                    .toList();
            long delivered = recipients.stream()
                    .filter(mark -> Math.max(mark.readSeq(), mark.deliveredSeq()) >= seq)
                    .count();
            return new EntryReceipts(
                    recipients.size(),
                    (int) delivered,
                    readers.size(),
                    readers.subList(0, Math.min(limit, readers.size())));
        }
    }

    @Override
    public ReadEvents appendReadEvents(Collection<Mark> read) {
        synchronized (storage) {
            List<InboxPosition> positions = new ArrayList<>();
            for (Mark mark : read) {
                if (!storage.holds(mark.uid(), mark.conversation())) {
                    continue;
                }
                positions.add(storage.appendRead(mark.uid(), mark.conversation(), mark.readSeq()));
            }
            raise(read);
            return new ReadEvents(positions);
        }
    }
}
