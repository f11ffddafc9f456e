package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerControl.Target;
import java.util.Arrays;

/**
 * Deliveries in the order they were sent, each kept until all before it are done too: the token of the last completed
 * one is how far the client has acknowledged. Uses arrays instead of objects, as there is one entry per delivery and
 * hundreds of thousands of connections.
 */
final class DeliveryRing {
    private static final int FIRST_CAPACITY = 8;
    private static final int DONE = 0;
    private static final int[] NO_KEYS = {};
    private static final long[] NO_TOKENS = {};

    /**
     * A packet id that waits for PUBACK, or the negative number of a write that must still be sent, or {@link #DONE}.
     */
    private int[] keys = NO_KEYS;

    private int[] sentMillis = NO_KEYS;
    private long[] tokens = NO_TOKENS;
    private int head;
    private int size;
    private int unacknowledged;
    private int unwritten;
    private int lastWritten;
    private long acknowledgedToken = Target.NO_TOKEN;

    boolean isEmpty() {
        return size == 0;
    }

    int unacknowledged() {
        return unacknowledged;
    }

    boolean unwritten() {
        return unwritten > 0;
    }

    int oldestMillis() {
        return sentMillis[head];
    }

    long acknowledgedToken() {
        return acknowledgedToken;
    }

    /** A delivery that is complete, but whose token counts only after those before it. */
    void addDone(long token) {
        if (token == Target.NO_TOKEN) {
            return;
        }
        if (size == 0) {
            acknowledgedToken = token;
        } else {
            add(DONE, token, sentMillis[index(size - 1)]);
        }
    }

    void add(int key, long token, int nowMillis) {
        if (size == keys.length) {
            grow();
        }
        int index = index(size);
        keys[index] = key;
        tokens[index] = token;
        sentMillis[index] = nowMillis;
        size++;
        if (key > 0) {
            unacknowledged++;
        } else if (key < 0) {
            unwritten++;
        }
    }

    boolean acknowledge(int packetId) {
        int position = find(packetId);
        if (position < 0) {
            return false;
        }
        keys[index(position)] = DONE;
        unacknowledged--;
        advance();
        return true;
    }

    void written(int writeNumber) {
        lastWritten = writeNumber;
        advance();
    }

    /** Unacknowledged deliveries lose their tokens. */
    void forgetTokens() {
        Arrays.fill(tokens, Target.NO_TOKEN);
        acknowledgedToken = Target.NO_TOKEN;
    }

    boolean contains(int packetId) {
        return find(packetId) >= 0;
    }

    /** Releases the arrays while there are no deliveries. */
    void trim() {
        if (size == 0) {
            keys = NO_KEYS;
            sentMillis = NO_KEYS;
            tokens = NO_TOKENS;
            head = 0;
        }
    }

    private void advance() {
        while (size > 0) {
            int key = keys[head];
            if (key > 0 || key < 0 && -key - lastWritten > 0) {
                return;
            }
            if (key < 0) {
                unwritten--;
            }
            if (tokens[head] != Target.NO_TOKEN) {
                acknowledgedToken = tokens[head];
            }
            head = index(1);
            size--;
        }
    }

    private int find(int packetId) {
        if (size == 0) {
            return -1;
        }
        // Ids mostly rise by one, and clients mostly acknowledge in order.
        int guess = packetId - keys[head];
        if (guess >= 0 && guess < size && keys[index(guess)] == packetId) {
            return guess;
        }
        for (int i = 0; i < size; i++) {
            if (keys[index(i)] == packetId) {
                return i;
            }
        }
        return -1;
    }

    private int index(int position) {
        return head + position & keys.length - 1;
    }

    private void grow() {
        int capacity = Math.max(FIRST_CAPACITY, keys.length * 2);
        int[] newKeys = new int[capacity];
        int[] newMillis = new int[capacity];
        long[] newTokens = new long[capacity];
        int firstPart = keys.length - head;
        for (int i = 0; i < size; i++) {
            int from = i < firstPart ? head + i : i - firstPart;
            newKeys[i] = keys[from];
            newMillis[i] = sentMillis[from];
            newTokens[i] = tokens[from];
        }
        keys = newKeys;
        sentMillis = newMillis;
        tokens = newTokens;
        head = 0;
    }

    @Override
    public String toString() {
        return "DeliveryRing" + Arrays.toString(keys);
    }
}
