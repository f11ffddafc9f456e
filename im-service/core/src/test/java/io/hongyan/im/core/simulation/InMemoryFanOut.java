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
    public Step advance(List<Marker> asked, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
        synchronized (storage) {
            List<Written> written = new ArrayList<>();
            int left = recipientsMax;
            int served = 0;
            while (left > 0 && served < asked.size()) {
                left -= serve(asked.get(served), worker, left, nowMillis, leaseMillis, written);
                served++;
            }
            return new Step(written, served);
        }
    }

    private int serve(
            Marker marker, String worker, int recipientsMax, long nowMillis, long leaseMillis, List<Written> written) {
        TreeMap<Long, Progress> queue = markers.get(marker.conversation());
        if (queue == null || queue.firstKey() != marker.seq()) {
            return 0;
        }
        int served = 0;
        boolean goOn = true;
        while (goOn
                && !queue.isEmpty()
                && served < recipientsMax
                && queue.firstEntry().getValue().mayBeTakenBy(worker, nowMillis)) {
            Progress progress = queue.firstEntry().getValue();
            if (forgetful && !progress.worker.isEmpty() && !progress.worker.equals(worker)) {
                progress.uid = "";
            }
            progress.worker = worker;
            progress.leaseUntilMillis = nowMillis + leaseMillis;
            Written one = write(marker.conversation(), queue, recipientsMax - served);
            written.add(one);
            served += Math.max(1, one.positions().size());
            goOn = one.done();
        }
        markers.values().removeIf(Map::isEmpty);
        return served;
    }

    private Written write(Conversation conversation, TreeMap<Long, Progress> queue, int recipientsMax) {
        long seq = queue.firstKey();
        Progress progress = queue.firstEntry().getValue();
        StoredMessage message = storage.log(conversation).get((int) seq - 1);
        List<String> left = storage.groups().recipients(conversation.id(), seq).stream()
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
        }
        return new Written(message, positions, done);
    }
}
