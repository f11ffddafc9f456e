package io.hongyan.client.data;

import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.SendRequest;

/** A message that was written on this device and is in no log yet, as far as is known. */
public final class OutboxRow {
    private final long localId;
    private final ConversationId conversation;
    private final String clientMessageId;
    private final Content content;
    private final Progress progress;

    /** What changes of a row. */
    public static final class Progress {
        final long order;
        final long queuedAtMillis;
        final boolean published;
        final SendFailure failure;
        final Code code;

        /**
         * As it was stored.
         *
         * @param order place among the rows of the device, lowest first
         * @param queuedAtMillis when it was queued last, by the clock of the device
         * @param published whether it may have left the device
         * @param failure null while it waits
         * @param code what the server has refused it with, else {@code OK}
         */
        public Progress(long order, long queuedAtMillis, boolean published, SendFailure failure, Code code) {
            this.order = order;
            this.queuedAtMillis = queuedAtMillis;
            this.published = published;
            this.failure = failure;
            this.code = code;
        }

        @Override
        public String toString() {
            return order + " " + queuedAtMillis + (published ? " published " : " ") + failure + " " + code;
        }
    }

    /** As it was stored. */
    public OutboxRow(
            long localId, ConversationId conversation, String clientMessageId, Content content, Progress progress) {
        this.localId = localId;
        this.conversation = conversation;
        this.clientMessageId = clientMessageId;
        this.content = content;
        this.progress = progress;
    }

    private OutboxRow with(Progress changed) {
        return new OutboxRow(localId, conversation, clientMessageId, content, changed);
    }

    OutboxRow publishedNow() {
        return with(new Progress(progress.order, progress.queuedAtMillis, true, null, Code.OK));
    }

    OutboxRow failed(SendFailure failure, Code code) {
        return with(new Progress(progress.order, progress.queuedAtMillis, progress.published, failure, code));
    }

    OutboxRow queuedAgain(long order, long nowMillis) {
        return with(new Progress(order, nowMillis, progress.published, null, Code.OK));
    }

    SendRequest request() {
        return SendRequest.newBuilder()
                .setClientMessageId(clientMessageId)
                .setTo(conversation.toPeer())
                .setContent(content)
                .build();
    }

    /** What the device calls it, for as long as it exists, in the outbox and in the log. */
    public long localId() {
        return localId;
    }

    /** Where it goes. */
    public ConversationId conversation() {
        return conversation;
    }

    /** By which the server recognises it when it comes again. */
    public String clientMessageId() {
        return clientMessageId;
    }

    /** What it says. */
    public Content content() {
        return content;
    }

    /** Place among the rows of the device, lowest first. */
    public long order() {
        return progress.order;
    }

    /** When it was queued last, by the clock of the device. */
    public long queuedAtMillis() {
        return progress.queuedAtMillis;
    }

    /** Whether it may have left the device: then it cannot be taken back unless it is refused. */
    public boolean published() {
        return progress.published;
    }

    /** Why it has failed, null while it waits. */
    public SendFailure failure() {
        return progress.failure;
    }

    /** What the server has refused it with, else {@code OK}. */
    public Code code() {
        return progress.code;
    }

    @Override
    public String toString() {
        return "local " + localId + " to " + conversation + " as " + clientMessageId + ": " + progress;
    }
}
