package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.FanOutRules;
import io.hongyan.im.core.send.FanOutRules.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The markers of an {@link InMemoryStorage}. */
final class InMemoryFanOut implements FanOutLog {
    private final InMemoryStorage storage;
    private final Map<Conversation, TreeMap<Long, Progress>> markers = new LinkedHashMap<>();
    private boolean forgetful;

    /** How far a marker has come: recipients up to {@code uid} have the entry. */
    private static final class Progress {
        private String uid = "";
        private String worker = "";
        private long leaseUntilMillis;

        boolean mayBeTakenBy(String asking, long nowMillis) {
            return FanOutRules.mayTake(asking, worker, leaseUntilMillis, nowMillis);
        }

        void takenBy(String taking, long untilMillis, boolean startsAnew) {
            if (startsAnew && !worker.isEmpty() && !worker.equals(taking)) {
                uid = "";
            }
            worker = taking;
            leaseUntilMillis = untilMillis;
        }
    }

    InMemoryFanOut(InMemoryStorage storage) {
        this.storage = storage;
    }

    /** Breaks the storage: a marker whose worker is gone starts anew. */
    void forgetProgressOfOthers() {
        forgetful = true;
    }

    /** Whether any marker is left. */
    boolean anyOpen() {
        synchronized (storage) {
            return !markers.isEmpty();
        }
    }

    /** The caller holds the lock. */
    boolean isOpen(Conversation conversation) {
        return markers.containsKey(conversation);
    }

    /** The caller holds the lock. */
    void leave(Conversation conversation, long seq) {
        markers.computeIfAbsent(conversation, name -> new TreeMap<>()).put(seq, new Progress());
    }

    @Override
    public List<Marker> open(String worker, int markersMax, long nowMillis) {
        synchronized (storage) {
            List<Marker> open = new ArrayList<>();
            markers.forEach((conversation, queue) -> {
                if (open.size() < markersMax && queue.firstEntry().getValue().mayBeTakenBy(worker, nowMillis)) {
                    open.add(new Marker(conversation, queue.firstKey()));
                }
            });
            return open;
        }
    }

    @Override
    public boolean isOpen(Conversation conversation, long seq) {
        synchronized (storage) {
            return isOpen(conversation) && markers.get(conversation).firstKey() <= seq;
        }
    }

    @Override
    public Step advance(List<Marker> asked, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        synchronized (storage) {
            List<Written> written = new ArrayList<>();
            int served = FanOutRules.inTurn(asked, recipientsMax, (marker, max) -> {
                TreeMap<Long, Progress> queue = markers.get(marker.conversation());
                return queue == null || queue.firstKey() != marker.seq()
                        ? 0
                        : FanOutRules.take(max, left -> {
                            Progress progress =
                                    queue.isEmpty() ? null : queue.firstEntry().getValue();
                            if (progress == null || !progress.mayBeTakenBy(worker, nowMillis)) {
                                return null;
                            }
                            progress.takenBy(worker, nowMillis + leaseMillis, forgetful);
                            return write(marker.conversation(), queue, left, written);
                        });
            });
            markers.values().removeIf(Map::isEmpty);
            return new Step(written, served);
        }
    }

    private Page<String> write(
            Conversation conversation, TreeMap<Long, Progress> queue, int recipientsMax, List<Written> written) {
        long seq = queue.firstKey();
        Progress progress = queue.firstEntry().getValue();
        StoredMessage message = storage.log(conversation).get((int) seq - 1);
        Page<String> page = storage.groups().next(conversation.id(), seq, progress.uid, recipientsMax);
        List<InboxPosition> positions = new ArrayList<>();
        for (String uid : page.recipients()) {
            positions.add(storage.put(uid, message));
            progress.uid = uid;
        }
        if (page.last()) {
            queue.pollFirstEntry();
        }
        written.add(new Written(message, positions, page.last()));
        return page;
    }
}
