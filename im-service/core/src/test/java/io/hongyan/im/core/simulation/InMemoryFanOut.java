package io.hongyan.im.core.simulation;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog;
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
            return worker.equals(asking) || leaseUntilMillis <= nowMillis;
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
    public Step advance(Marker marker, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        synchronized (storage) {
            TreeMap<Long, Progress> queue = markers.get(marker.conversation());
            if (queue == null
                    || queue.firstKey() != marker.seq()
                    || !queue.firstEntry().getValue().mayBeTakenBy(worker, nowMillis)) {
                return new Step.NotHeld();
            }
            Progress progress = queue.firstEntry().getValue();
            if (forgetful && !progress.worker.isEmpty() && !progress.worker.equals(worker)) {
                progress.uid = "";
            }
            progress.worker = worker;
            progress.leaseUntilMillis = nowMillis + leaseMillis;
            return write(marker, queue, progress, recipientsMax);
        }
    }

    private Step write(Marker marker, TreeMap<Long, Progress> queue, Progress progress, int recipientsMax) {
        StoredMessage message = storage.log(marker.conversation()).get((int) marker.seq() - 1);
        List<String> left = storage.groups().recipients(marker.conversation().id(), marker.seq()).stream()
                .filter(uid -> uid.compareTo(progress.uid) > 0)
                .toList();
        List<InboxPosition> positions = new ArrayList<>();
        for (String uid : left.subList(0, Math.min(recipientsMax, left.size()))) {
            positions.add(storage.put(uid, message));
            progress.uid = uid;
        }
        boolean done = left.size() <= recipientsMax;
        if (done) {
            queue.pollFirstEntry();
            markers.values().removeIf(Map::isEmpty);
        }
        return new Step.Written(message, positions, done);
    }
}
