package io.hongyan.im.core.contract;

import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Joined;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * The simplest thing that behaves as the log, inbox, mark and list ports should; random tests compare with it. It knows direct
 * conversations and an open, small group that users enter and leave by themselves; of changes of messages {@link ChangesModel}
 * knows.
 */
final class StorageModel {
    private final Set<String> users = new HashSet<>();
    private final Map<Conversation, ChangesModel> log = new HashMap<>();
    private final Map<String, List<Entry>> inboxes = new HashMap<>();
    private final Map<List<Object>, Appended.Repeated> known = new HashMap<>();
    private final Map<List<Object>, Mark> marks = new HashMap<>();
    private final Map<Conversation, Set<String>> members = new HashMap<>();
    private final Map<Conversation, String> owners = new HashMap<>();
    /** What was done to messages, or was refused, in words of the rules. */
    private final Map<String, Integer> changes = new TreeMap<>();

    private final Map<List<Object>, Stay> stays = new HashMap<>();

    /**
     * What a user sees of a conversation.
     *
     * @param joinedSeq 0 in a direct conversation, of which there is nothing before
     */
    private record Stay(long joinedSeq, long leftSeq) {}

    void ensure(String uid) {
        users.add(uid);
    }

    Appended append(Draft draft, long nowMillis) {
        List<Object> key = List.of(draft.conversation(), draft.sender(), draft.clientMessageId());
        if (known.containsKey(key)) {
            return known.get(key);
        }
        Set<String> recipients = recipients(draft);
        if (recipients.isEmpty()) {
            boolean group = draft.conversation().kind() == Conversation.Kind.GROUP;
            return new Appended.Refused(group ? Refusal.NOT_A_MEMBER : Refusal.UNKNOWN_CONVERSATION);
        }
        Appended withoutEntry = withoutEntry(draft);
        note(draft, withoutEntry);
        if (withoutEntry != null) {
            return withoutEntry;
        }
        StoredMessage message =
                log.computeIfAbsent(draft.conversation(), ChangesModel::new).add(draft, nowMillis);
        List<InboxPosition> positions = new ArrayList<>();
        for (String uid : recipients) {
            long seq = inbox(uid).size() + 1L;
            inbox(uid).add(new Entry.OfMessage(seq, message));
            positions.add(new InboxPosition(uid, seq));
            stays.putIfAbsent(List.of(uid, draft.conversation()), new Stay(0, Long.MAX_VALUE));
        }
        change(draft, message.seq());
        known.put(
                key,
                new Appended.Repeated(
                        message.seq(),
                        message.ordinal(),
                        nowMillis,
                        positions.get(0).seq()));
        return new Appended.Stored(message, positions);
    }

    private void note(Draft draft, Appended withoutEntry) {
        if (draft.messageChange() != null) {
            String what = withoutEntry instanceof Appended.Refused refused
                    ? refused.refusal().name()
                    : draft.messageChange().getClass().getSimpleName() + (withoutEntry == null ? "" : " already");
            changes.merge(what, 1, Integer::sum);
        }
    }

    /** How often messages were changed how, were so already, or why they were not. */
    Map<String, Integer> changes() {
        return changes;
    }

    /** Null if it gets an entry. */
    private Appended withoutEntry(Draft draft) {
        Stay stay = stays.getOrDefault(List.of(draft.sender(), draft.conversation()), new Stay(0, Long.MAX_VALUE));
        boolean owner = draft.sender().equals(owners.get(draft.conversation()));
        return log.getOrDefault(draft.conversation(), new ChangesModel(draft.conversation()))
                .withoutEntry(draft, stay.joinedSeq(), owner);
    }

    /** The sender first; none where it is refused. */
    private Set<String> recipients(Draft draft) {
        Set<String> recipients = new LinkedHashSet<>(List.of(draft.sender()));
        if (draft.conversation().kind() == Conversation.Kind.GROUP) {
            boolean enters = draft.change() instanceof Created || draft.change() instanceof Joined;
            recipients.addAll(members(draft.conversation()));
            return enters || isMember(draft.sender(), draft.conversation()) ? recipients : Set.of();
        }
        String peer = draft.conversation().peerOf(draft.sender());
        recipients.add(peer);
        return users.contains(peer) ? recipients : Set.of();
    }

    private void change(Draft draft, long seq) {
        List<Object> stay = List.of(draft.sender(), draft.conversation());
        if (draft.change() instanceof Created || draft.change() instanceof Joined) {
            owners.putIfAbsent(draft.conversation(), draft.sender());
            members(draft.conversation()).add(draft.sender());
            stays.put(stay, new Stay(seq, Long.MAX_VALUE));
        } else if (draft.change() instanceof Left) {
            members(draft.conversation()).remove(draft.sender());
            stays.put(stay, new Stay(stays.get(stay).joinedSeq(), seq));
        }
    }

    InboxPosition appendReadEvent(Mark mark) {
        raise(mark);
        long seq = inbox(mark.uid()).size() + 1L;
        inbox(mark.uid())
                .add(new Entry.OfEvent(
                        seq, new Event.ReadUpTo(mark.conversation(), mark.readSeq(), mark.readOrdinal())));
        return new InboxPosition(mark.uid(), seq);
    }

    void raise(Mark mark) {
        marks.merge(
                List.of(mark.uid(), mark.conversation()),
                mark,
                (one, other) -> new Mark(
                        mark.uid(),
                        mark.conversation(),
                        Math.max(one.deliveredSeq(), other.deliveredSeq()),
                        Math.max(one.readSeq(), other.readSeq()),
                        Math.max(one.readOrdinal(), other.readOrdinal())));
    }

    Mark mark(String uid, Conversation conversation) {
        return marks.getOrDefault(List.of(uid, conversation), new Mark(uid, conversation, 0, 0, 0));
    }

    boolean isMember(String uid, Conversation group) {
        return members(group).contains(uid);
    }

    private Set<String> members(Conversation group) {
        return members.computeIfAbsent(group, g -> new TreeSet<>());
    }

    /** Whoever has something of a conversation in the inbox has it in the list. */
    Set<Conversation> listed(String uid) {
        Set<Conversation> listed = new HashSet<>();
        for (Entry entry : inbox(uid)) {
            if (entry instanceof Entry.OfMessage message) {
                listed.add(message.message().conversation());
            }
        }
        return listed;
    }

    /** The newest entry that the user sees. */
    StoredMessage last(String uid, Conversation conversation) {
        long head = Math.min(
                head(conversation), stays.get(List.of(uid, conversation)).leftSeq());
        return entry(conversation, head);
    }

    /** Counted message by message: what came after joining, is not read, and stands below nothing that the user wrote last. */
    long unread(String uid, Conversation conversation) {
        StoredMessage last = last(uid, conversation);
        if (last.sender().equals(uid)) {
            return 0;
        }
        long joined = stays.get(List.of(uid, conversation)).joinedSeq();
        long read = mark(uid, conversation).readSeq();
        return LongStream.rangeClosed(Math.max(joined, read) + 1, last.seq())
                .filter(log.get(conversation)::counts)
                .count();
    }

    /** Users whose marks are kept. */
    Set<String> readers(Conversation conversation) {
        return conversation.kind() == Conversation.Kind.GROUP
                ? members(conversation)
                : new TreeSet<>(List.of(conversation.low(), conversation.high()));
    }

    List<StoredMessage> log(Conversation conversation) {
        return log.get(conversation).log();
    }

    int head(Conversation conversation) {
        return log.containsKey(conversation) ? log.get(conversation).head() : 0;
    }

    StoredMessage entry(Conversation conversation, long seq) {
        return log.get(conversation).entry(seq);
    }

    boolean counts(Conversation conversation, long seq) {
        return log.get(conversation).counts(seq);
    }

    /** With which emoji the user reacts to the messages of a conversation; only those to which it does. */
    Map<MessageId, Set<String>> reactionsOf(String uid, Conversation conversation) {
        Map<MessageId, Set<String>> found = new HashMap<>();
        for (long seq = 1; seq <= head(conversation); seq++) {
            Set<String> emoji = log.get(conversation).reactionsOf(uid, seq);
            if (!emoji.isEmpty()) {
                found.put(new MessageId(conversation, seq), emoji);
            }
        }
        return found;
    }

    Set<Conversation> conversations() {
        return log.keySet();
    }

    Set<String> users() {
        return users;
    }

    /** With messages as they stand now. */
    List<Entry> inboxNow(String uid) {
        return inbox(uid).stream().map(this::now).toList();
    }

    private Entry now(Entry entry) {
        return entry instanceof Entry.OfMessage of
                ? new Entry.OfMessage(
                        of.seq(),
                        entry(of.message().conversation(), of.message().seq()))
                : entry;
    }

    private List<Entry> inbox(String uid) {
        return inboxes.computeIfAbsent(uid, u -> new ArrayList<>());
    }
}
