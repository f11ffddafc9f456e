package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.FanOutMapper;
import io.hongyan.im.adapter.sql.FanOutRows;
import io.hongyan.im.adapter.sql.mysql.MysqlGroupRows.Recipient;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Written;
import io.hongyan.im.core.send.FanOutRules;
import io.hongyan.im.core.send.FanOutRules.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One step of the fan-out over several databases: what is to be written, and what has become of it. */
final class ShardedStep {
    private final Connection connection;
    private final MysqlSession session;
    private final ShardedIds ids;
    private final LockedGroups locked;
    private final Lease lease;
    private final FanOutWatermarks watermarks;
    private final FanOutRows markerRows;
    private final MysqlGroupRows groupRows;
    private final List<Part> parts = new ArrayList<>();
    /** Where the conversations stood before. */
    private final Map<Long, List<FanOutWatermark>> before = new HashMap<>();

    private Map<Long, List<FanOutWatermark>> after = Map.of();
    private int served;
    private boolean settled;

    ShardedStep(MysqlSession session, ShardedIds ids, LockedGroups locked, Lease lease, FanOutWatermarks watermarks)
            throws SQLException {
        this.session = session;
        this.connection = session.connection();
        this.ids = ids;
        this.locked = locked;
        this.lease = lease;
        this.watermarks = watermarks;
        this.markerRows = new FanOutRows(connection);
        this.groupRows = new MysqlGroupRows(connection);
    }

    /** Who works, and how long the conversations are to be left to it. */
    record Lease(String worker, long nowMillis, long untilMillis) {}

    /**
     * What this step writes of one entry, to recipients of one watermark.
     *
     * @param from up to this uid they had it before
     * @param to and now up to this one, but for those that could not be reached
     * @param last whether nobody of the watermark is left after these
     */
    record Part(
            long conversationId,
            StoredMessage message,
            FanOutWatermark watermark,
            String from,
            String to,
            List<Recipient> recipients,
            List<InboxWrite> inboxWrites,
            boolean last) {
        /** Slots of recipients that were not reached. */
        BitSet failed() {
            BitSet failed = new BitSet(Slots.COUNT);
            inboxWrites.stream()
                    .filter(inboxWrite -> !inboxWrite.isThere())
                    .forEach(inboxWrite -> failed.set(Slots.ofId(inboxWrite.userId())));
            return failed;
        }

        /** Whether recipients had it already, of whom nobody may know. */
        boolean untold() {
            return inboxWrites.stream().anyMatch(inboxWrite -> inboxWrite.isThere() && inboxWrite.inboxSeq() == 0);
        }
    }

    List<Part> parts() {
        return parts;
    }

    int served() {
        return served;
    }

    List<InboxWrite> inboxWrites() {
        return parts.stream().flatMap(part -> part.inboxWrites.stream()).toList();
    }

    /** Takes leases and finds out whom the entries are for. Locks the conversations for that long. */
    void gather(List<Marker> markers, int recipientsMax) throws SQLException {
        List<Conversation> names = markers.stream().map(Marker::conversation).toList();
        LockedConversations conversations = LockedConversations.lock(connection, ids.here(), names);
        Map<Long, String> groupNames = new HashMap<>();
        for (LockedConversation one : conversations.all()) {
            if (one.conversation().kind() == Kind.GROUP) {
                groupNames.put(one.id(), one.conversation().id());
            }
        }
        Map<Long, LockedGroup> groups = locked.read(connection, groupNames);
        served = FanOutRules.inTurn(markers, recipientsMax, (marker, max) -> {
            LockedConversation conversation = conversations.get(marker.conversation());
            return conversation == null ? 0 : gather(marker, conversation, groups.get(conversation.id()), max);
        });
    }

    /** @return how much it was, in recipients */
    private int gather(Marker marker, LockedConversation conversation, LockedGroup group, int recipientsMax)
            throws SQLException {
        FanOutRows.Open oldest = markerRows.oldest(conversation.id());
        if (oldest == null || oldest.seq() != marker.seq() || oldest.heldByAnother(lease.worker(), lease.nowMillis())) {
            return 0;
        }
        markerRows.update(
                conversation.id(),
                new FanOutRows.Open(oldest.seq(), oldest.progress(), lease.worker(), lease.untilMillis()));
        List<FanOutWatermark> known = watermarks.of(conversation.id(), oldest);
        before.put(conversation.id(), known);
        int count = 0;
        for (FanOutWatermark watermark : known) {
            if (count < recipientsMax && watermarks.isDue(watermark, lease.nowMillis())) {
                count += gather(conversation, group, watermark, recipientsMax - count);
            }
        }
        return count;
    }

    private int gather(LockedConversation conversation, LockedGroup group, FanOutWatermark watermark, int recipientsMax)
            throws SQLException {
        return FanOutRules.take(recipientsMax, new Entries(conversation, group, watermark));
    }

    /** The open entries of a conversation above a watermark. */
    private final class Entries implements FanOutRules.Entries<SQLException> {
        private final LockedConversation conversation;
        private final LockedGroup group;
        private final FanOutWatermark watermark;
        /** Recipients up to this entry have all, and of the next one those up to this uid. */
        private long upTo;

        private String progress;

        Entries(LockedConversation conversation, LockedGroup group, FanOutWatermark watermark) {
            this.conversation = conversation;
            this.group = group;
            this.watermark = watermark;
            this.upTo = watermark.upTo();
            this.progress = watermark.progress();
        }

        @Override
        public Page<Recipient> take(int recipientsMax) throws SQLException {
            FanOutRows.Open open = markerRows.next(conversation.id(), upTo);
            if (open == null) {
                return null;
            }
            upTo = open.seq();
            Page<Recipient> page = next(recipientsMax);
            parts.add(part(page));
            progress = "";
            return page;
        }

        private Page<Recipient> next(int recipientsMax) throws SQLException {
            return group == null
                    ? Page.of(ofPersonal(conversation.conversation(), progress), recipientsMax)
                    : FanOutRules.next(group.info(), upTo, progress, recipientsMax, new Members(group));
        }

        private Part part(Page<Recipient> page) throws SQLException {
            List<Recipient> found = page.recipients();
            List<Recipient> next = found.stream()
                    .filter(one -> watermark.slots().get(Slots.ofId(one.userId())))
                    .toList();
            StoredMessage message = session.mapper(FanOutMapper.class)
                    .findMessage(conversation.id(), upTo)
                    .toMessage(conversation.conversation());
            List<InboxWrite> inboxWrites = next.stream()
                    .map(one -> new InboxWrite(one.userId(), conversation.id(), upTo))
                    .toList();
            String to = page.last() ? "" : found.get(found.size() - 1).uid();
            return new Part(conversation.id(), message, watermark, progress, to, next, inboxWrites, page.last());
        }
    }

    /** Uids are ASCII, so rows and strings have the same order. */
    private final class Members implements FanOutRules.Members<Recipient, SQLException> {
        private final LockedGroup group;

        Members(LockedGroup group) {
            this.group = group;
        }

        @Override
        public String uid(Recipient user) {
            return user.uid();
        }

        @Override
        public List<Recipient> present() throws SQLException {
            return group.present();
        }

        @Override
        public List<Recipient> at(long seq, String aboveUid, int limit) throws SQLException {
            return groupRows.recipients(group.id(), seq, aboveUid, limit);
        }

        @Override
        public List<Recipient> changed(long seq, String aboveUid, int limit) throws SQLException {
            return groupRows.changed(group.id(), seq, aboveUid, limit);
        }
    }

    /** The two of a direct conversation, the one of a system's, in the order of their uids. Their names are here. */
    private List<Recipient> ofPersonal(Conversation conversation, String progress) throws SQLException {
        List<String> uids = conversation.kind() == Kind.SYSTEM
                ? List.of(conversation.reader())
                : conversation.low().equals(conversation.high())
                        ? List.of(conversation.low())
                        : List.of(conversation.low(), conversation.high());
        Map<String, Long> known = ids.here().users(connection, uids);
        return uids.stream()
                .filter(uid -> uid.compareTo(progress) > 0)
                .map(uid -> new Recipient(uid, known.get(uid)))
                .toList();
    }

    /** Finds out how far each watermark has come, when the inboxes were written as far as they could be. */
    void conclude() {
        Map<FanOutWatermark, List<Part>> byWatermark = new IdentityHashMap<>();
        parts.forEach(part -> byWatermark
                .computeIfAbsent(part.watermark, watermark -> new ArrayList<>())
                .add(part));
        Map<Long, List<FanOutWatermark>> reached = new HashMap<>();
        before.forEach((conversationId, known) -> {
            List<FanOutWatermark> now = new ArrayList<>();
            known.forEach(watermark -> move(watermark, byWatermark.getOrDefault(watermark, List.of()), now));
            reached.put(conversationId, FanOutWatermarks.joined(now));
        });
        after = reached;
    }

    /** A watermark loses the slots of each database that fails, which stay where it was. */
    private void move(FanOutWatermark watermark, List<Part> itsParts, List<FanOutWatermark> now) {
        FanOutWatermark moved = watermark;
        for (Part part : itsParts) {
            BitSet failed = part.failed();
            failed.and(moved.slots());
            if (!failed.isEmpty()) {
                BitSet all = watermarks.beside(failed, moved);
                now.add(moved.failedFor(all, lease.nowMillis() + FanOutWatermarks.RETRY_MILLIS));
                moved = moved.without(all);
            }
            moved = part.last ? moved.at(part.message.seq(), "") : moved.at(moved.upTo(), part.to);
        }
        if (!moved.slots().isEmpty()) {
            now.add(moved);
        }
    }

    /** Remembers what {@link #conclude} has found, once the markers have been moved. */
    void remember() {
        after.forEach(watermarks::put);
    }

    /** Concludes and moves the markers in the transaction of {@link #gather}, where that has written everything. */
    void settleHere() throws SQLException {
        conclude();
        settle(connection, parts);
        settled = true;
    }

    boolean isSettled() {
        return settled;
    }

    private boolean isDone(Part part) {
        return after.get(part.conversationId).stream().allMatch(watermark -> watermark.upTo() >= part.message.seq());
    }

    /** Moves the markers as far as inboxes were written. */
    void settle(Connection to, List<Part> some) throws SQLException {
        Set<FanOutMarks.Entry> done = new TreeSet<>();
        Map<Long, Part> oldest = new TreeMap<>();
        for (Part part : some) {
            if (isDone(part)) {
                done.add(new FanOutMarks.Entry(part.conversationId, part.message.seq()));
            } else {
                oldest.merge(
                        part.conversationId,
                        part,
                        (one, other) -> one.message.seq() <= other.message.seq() ? one : other);
            }
        }
        FanOutMarks.delete(to, List.copyOf(done));
        try (PreparedStatement update = to.prepareStatement("""
                UPDATE im_fanout SET progress = GREATEST(progress, ?), worker = ?, lease_until = ?
                 WHERE conversation_id = ? AND seq = ?""")) {
            for (Part part : oldest.values()) {
                boolean whole = after.get(part.conversationId).size() == 1;
                update.setBytes(1, MysqlIds.bytes(whole && part.failed().isEmpty() ? part.to : ""));
                update.setBytes(2, MysqlIds.bytes(lease.worker()));
                update.setLong(3, lease.untilMillis());
                update.setLong(4, part.conversationId);
                update.setLong(5, part.message.seq());
                update.executeUpdate();
            }
        }
    }

    /** By conversation, in the order in which they were processed; of two watermarks of one the one behind comes first. */
    private List<Part> inOrder() {
        if (before.values().stream().allMatch(known -> known.size() == 1)) {
            return parts;
        }
        Map<Long, List<Part>> byConversation = new LinkedHashMap<>();
        parts.forEach(part -> byConversation
                .computeIfAbsent(part.conversationId, id -> new ArrayList<>())
                .add(part));
        return byConversation.values().stream()
                .flatMap(some -> some.stream().sorted(Comparator.comparingLong(part -> part.message.seq())))
                .toList();
    }

    /** What is new in inboxes, and what has come to all of them, or all that could be reached. */
    List<Written> written() {
        List<Written> all = new ArrayList<>(parts.size());
        for (Part part : inOrder()) {
            List<InboxPosition> positions = new ArrayList<>();
            for (int i = 0; i < part.recipients.size(); i++) {
                if (part.inboxWrites.get(i).inboxSeq() > 0) {
                    positions.add(new InboxPosition(
                            part.recipients.get(i).uid(),
                            part.inboxWrites.get(i).inboxSeq()));
                }
            }
            boolean done = isDone(part);
            boolean reached = done || FanOutWatermarks.hasReached(after.get(part.conversationId), part.message.seq());
            if (reached || part.untold() || !positions.isEmpty()) {
                all.add(new Written(part.message, positions, done, reached, part.untold()));
            }
        }
        return all;
    }
}
