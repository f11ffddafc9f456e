package io.hongyan.client.data;

/** A part of a log that people look at and that is not stored as it is now. */
final class HistoryWanted {
    final ConversationId conversation;
    final long belowSeq;
    final int limit;

    HistoryWanted(ConversationId conversation, long belowSeq, int limit) {
        this.conversation = conversation;
        this.belowSeq = belowSeq;
        this.limit = limit;
    }
}
