package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;

/** What a device has said its user has read, once on a connection. */
final class ReadMark {
    final String user;
    final String conversation;
    final long seq;
    final long saidAt;
    long acknowledgedAt = Long.MAX_VALUE;

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

    /** Whether it was surely written before that time: nothing was disturbed as long as that may have taken. */
    boolean isStored(Faults faults, long before, long settledMillis) {
        return acknowledgedAt < before - settledMillis
                && faults.noneIn(saidAt, acknowledgedAt + settledMillis, settledMillis);
    }
}
