package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.ChangedMessages;
import io.hongyan.im.core.send.MessageRules.Content;
import io.hongyan.im.core.send.MessageWrites;
import io.hongyan.im.core.send.MessageWrites.Copy;
import io.hongyan.im.core.send.MessageWrites.Replaced;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What an {@link InMemoryStorage} knows of changed messages, beside the states in the log. */
final class InMemoryChanges implements ChangedMessages {
    private final InMemoryStorage storage;
    private final Map<MessageId, MessageState> due = new LinkedHashMap<>();
    private final Map<Conversation, Set<Long>> pinned = new HashMap<>();
    private final Map<MessageId, Map<String, Set<String>>> reactions = new HashMap<>();
    private final Map<MessageId, TreeSet<Long>> copies = new HashMap<>();

    private final Map<MessageId, List<Version>> earlier = new HashMap<>();
    private InstantSource clock = InstantSource.system();
    private boolean leavesStates;
    private boolean leavesCopies;

    /** What stood in the log, until then. */
    private record Version(StoredMessage entry, long untilMillis) {}

    InMemoryChanges(InMemoryStorage storage) {
        this.storage = storage;
    }

    /** Breaks the storage: messages stay as they were. */
    void leaveStates() {
        leavesStates = true;
    }

    /** Breaks the storage: recalls leave what others have of the message. */
    void leaveCopies() {
        leavesCopies = true;
    }

    /** The caller holds the lock. */
    void write(Conversation conversation, MessageWrites writes) {
        if (writes.state() != null && !leavesStates) {
            writeState(new MessageId(conversation, writes.targetSeq()), writes.state());
        }
        if (writes.reaction() != null) {
            Set<String> of = reactions
                    .computeIfAbsent(new MessageId(conversation, writes.targetSeq()), id -> new HashMap<>())
                    .computeIfAbsent(writes.reaction().uid(), uid -> new LinkedHashSet<>());
            if (writes.reaction().present()) {
                of.add(writes.reaction().emoji());
            } else {
                of.remove(writes.reaction().emoji());
            }
        }
        for (Replaced one : writes.replaced()) {
            if (leavesCopies && one.seq() != writes.targetSeq()) {
                continue;
            }
            StoredMessage entry = storage.entry(conversation, one.seq());
            storage.replace(entry.with(one.content(), entry.state()));
        }
        for (Copy copy : writes.copies()) {
            copies.computeIfAbsent(new MessageId(conversation, copy.ofSeq()), id -> new TreeSet<>())
                    .add(copy.inSeq());
        }
        for (Copy copy : writes.erased()) {
            copies.get(new MessageId(conversation, copy.ofSeq())).remove(copy.inSeq());
        }
    }

    private void writeState(MessageId message, MessageState state) {
        StoredMessage entry = storage.entry(message.conversation(), message.seq());
        storage.replace(entry.with(entry.content(), state));
        Set<Long> pins = pinned.computeIfAbsent(message.conversation(), name -> new TreeSet<>());
        if (state.pinned()) {
            pins.add(message.seq());
        } else {
            pins.remove(message.seq());
        }
        if (state.due()) {
            due.put(message, state);
        } else {
            due.remove(message);
        }
    }

    /** What tells when something is replaced; for who checks a run. */
    void clock(InstantSource wall) {
        clock = wall;
    }

    /** An entry of the log is about to have another one in its place. The caller holds the lock. */
    void replaced(StoredMessage entry) {
        earlier.computeIfAbsent(id(entry), id -> new ArrayList<>()).add(new Version(entry, clock.millis()));
    }

    private List<Version> earlier(StoredMessage entry) {
        return earlier.getOrDefault(id(entry), List.of());
    }

    private static MessageId id(StoredMessage entry) {
        return new MessageId(entry.conversation(), entry.seq());
    }

    /** Every content that this message has ever had, the newest last. */
    List<byte[]> everySaid(StoredMessage message) {
        synchronized (storage) {
            List<byte[]> said = new ArrayList<>();
            earlier(message).forEach(version -> said.add(version.entry.content()));
            said.add(storage.entry(message.conversation(), message.seq()).content());
            return said;
        }
    }

    /** Whether a message stood like this in the log, at that time or later; whose reactions they are is passed over. */
    boolean stoodSince(long millis, StoredMessage message) {
        StoredMessage plain = plain(message);
        synchronized (storage) {
            return storage.entry(message.conversation(), message.seq()).equals(plain)
                    || earlier(message).stream()
                            .anyMatch(version -> version.untilMillis >= millis && version.entry.equals(plain));
        }
    }

    /** Without what only one reader is told. */
    static StoredMessage plain(StoredMessage message) {
        return message.state() == null
                ? message
                : message.with(message.content(), message.state().seenWith(Set.of()));
    }

    /** The caller holds the lock. */
    int pins(Conversation conversation) {
        return pinned.getOrDefault(conversation, Set.of()).size();
    }

    /** The caller holds the lock. */
    boolean hasReacted(MessageId message, String emoji, String uid) {
        return emojiOf(message, uid).contains(emoji);
    }

    private Set<String> emojiOf(MessageId message, String uid) {
        return reactions.getOrDefault(message, Map.of()).getOrDefault(uid, Set.of());
    }

    /** The caller holds the lock. */
    List<Content> copies(MessageId message, int entriesMax, int bytesMax) {
        List<Content> found = new ArrayList<>();
        long bytes = 0;
        for (long seq : copies.getOrDefault(message, new TreeSet<>()).descendingSet()) {
            if (found.size() < entriesMax && bytes < bytesMax) {
                byte[] content = storage.entry(message.conversation(), seq).content();
                bytes += content.length;
                found.add(new Content(seq, content));
            }
        }
        return found;
    }

    @Override
    public List<Due> due(int countsMax, int recalledMax) {
        synchronized (storage) {
            List<Due> found = new ArrayList<>(due(false, countsMax));
            found.addAll(due(true, recalledMax));
            return found;
        }
    }

    private List<Due> due(boolean recalled, int max) {
        return due.entrySet().stream()
                .filter(one -> one.getValue().recalled() == recalled)
                .limit(max)
                .map(one -> new Due(one.getKey(), one.getValue()))
                .toList();
    }

    @Override
    public Map<MessageId, Set<String>> reactionsOf(String uid, Collection<MessageId> messages) {
        synchronized (storage) {
            Map<MessageId, Set<String>> found = new HashMap<>();
            messages.forEach(message -> found.put(message, Set.copyOf(emojiOf(message, uid))));
            return found;
        }
    }
}
