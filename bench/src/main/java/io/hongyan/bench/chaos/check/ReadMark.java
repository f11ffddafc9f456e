package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;

/** What a device has said its user has read, once on a connection. */
final class ReadMark {
    final String user;
    final String conversation;
    final long seq;
    final long saidAt;
    private long acknowledgedAt = Long.MAX_VALUE;

    ReadMark(String user, HistoryEvent.Read read) {
        this.user = user;
        this.conversation = MessageKey.conversation(user, read.to());
        this.seq = read.seq();
        this.saidAt = read.at();
    }

    /** What tells marks apart: said twice on a connection, the first time counts. */
    record Name(String device, int connection, String to, long seq) {}

    static Name name(String device, int connection, String to, long seq) {
        return new Name(device, connection, to, seq);
    }

    /** PUBACK for it; the first one counts. */
    void acknowledged(long at) {
        acknowledgedAt = Math.min(acknowledgedAt, at);
    }

    /**
     * Whether it was surely written before that time: nothing was disturbed as long as that may have taken. While slots move
     * a mark may wait in memory for as long: it is lost only where something else is disturbed meanwhile.
     */
    boolean isStored(Faults faults, long before, long settledMillis) {
        if (acknowledgedAt >= before - settledMillis) {
            return false;
        }
        long written = faults.afterMoves(saidAt, acknowledgedAt + settledMillis, settledMillis);
        return written < before && faults.noneButMovesIn(saidAt, written, settledMillis);
    }
}
