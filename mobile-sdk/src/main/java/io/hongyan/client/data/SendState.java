package io.hongyan.client.data;

import io.hongyan.protocol.v1.Code;

/** What has become of a message that was written on this device. */
public final class SendState {
    /** How far it has come. */
    public enum Kind {
        /** Committed to the outbox; it is sent when its turn comes. */
        QUEUED,
        /** Published, and not answered yet. */
        IN_FLIGHT,
        /** It is in the log of the conversation. */
        SENT,
        /** It is not sent until the user asks for it. */
        FAILED,
        /** The user took it back before it was published, or after it was refused. */
        CANCELLED
    }

    static final SendState QUEUED = new SendState(Kind.QUEUED, 0, null, Code.OK);
    static final SendState IN_FLIGHT = new SendState(Kind.IN_FLIGHT, 0, null, Code.OK);
    static final SendState CANCELLED = new SendState(Kind.CANCELLED, 0, null, Code.OK);

    private final Kind kind;
    private final long seq;
    private final SendFailure failure;
    private final Code code;

    private SendState(Kind kind, long seq, SendFailure failure, Code code) {
        this.kind = kind;
        this.seq = seq;
        this.failure = failure;
        this.code = code;
    }

    static SendState sent(long seq) {
        return new SendState(Kind.SENT, seq, null, Code.OK);
    }

    static SendState failed(SendFailure failure, Code code) {
        return new SendState(Kind.FAILED, 0, failure, code);
    }

    /** How far it has come. */
    public Kind kind() {
        return kind;
    }

    /** Its number in the conversation, 0 unless it is {@link Kind#SENT}. */
    public long seq() {
        return seq;
    }

    /** Why it has failed, null unless it is {@link Kind#FAILED}. */
    public SendFailure failure() {
        return failure;
    }

    /** What the server has answered, if it has refused the message; else {@code OK}. */
    public Code code() {
        return code;
    }

    @Override
    public String toString() {
        switch (kind) {
            case SENT:
                return "SENT " + seq;
            case FAILED:
                return "FAILED " + failure + (code == Code.OK ? "" : " " + code);
            default:
                return kind.toString();
        }
    }
}
