package io.hongyan.im.adapter.http;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The open connections by address. When there are too many, the one closes that has been waiting for its client for longest:
 * of the same address, or of that which holds most. So whoever opens many hurts himself, and a probe always comes in.
 */
final class ConnectionTable {
    private final int max;
    private final int perAddressMax;
    /** Of each address, in the order in which they began to wait or were opened. */
    private final Map<String, Set<Entry>> byAddress = new HashMap<>();

    private int open;
    private long closedForOthers;
    private long failed;

    /** An open connection. */
    interface Entry {
        String address();

        /** Whether it waits for its client rather than for us. Any thread. */
        boolean waits();

        /** Closes it soon. Any thread. */
        void closeForAnother();
    }

    ConnectionTable(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    /** False where it has to be closed: all others of its address, or of the greatest, are being answered. */
    synchronized boolean add(Entry entry) {
        Set<Entry> own = byAddress.computeIfAbsent(entry.address(), none -> new LinkedHashSet<>());
        boolean room = own.size() < perAddressMax || makeRoom(own);
        if (room && open >= max) {
            room = makeRoom(greatest());
        }
        if (!room) {
            closedForOthers++;
            if (own.isEmpty()) {
                byAddress.remove(entry.address());
            }
            return false;
        }
        byAddress
                .computeIfAbsent(entry.address(), none -> new LinkedHashSet<>())
                .add(entry);
        open++;
        return true;
    }

    /** It has been answered, so it is the last to be closed for another. */
    synchronized void answered(Entry entry) {
        Set<Entry> own = byAddress.get(entry.address());
        if (own != null && own.remove(entry)) {
            own.add(entry);
        }
    }

    synchronized void remove(Entry entry) {
        Set<Entry> own = byAddress.get(entry.address());
        if (own != null && own.remove(entry)) {
            open--;
            if (own.isEmpty()) {
                byAddress.remove(entry.address());
            }
        }
    }

    synchronized int open() {
        return open;
    }

    synchronized long closedForOthers() {
        return closedForOthers;
    }

    /** An error was met where one was served. */
    synchronized void countFailed() {
        failed++;
    }

    synchronized long failed() {
        return failed;
    }

    private boolean makeRoom(Set<Entry> among) {
        for (Iterator<Entry> entries = among.iterator(); entries.hasNext(); ) {
            Entry oldest = entries.next();
            if (oldest.waits()) {
                entries.remove();
                open--;
                closedForOthers++;
                if (among.isEmpty()) {
                    byAddress.remove(oldest.address(), among);
                }
                oldest.closeForAnother();
                return true;
            }
        }
        return false;
    }

    private Set<Entry> greatest() {
        return byAddress.values().stream()
                .max(Comparator.comparingInt(Set::size))
                .orElseThrow();
    }
}
