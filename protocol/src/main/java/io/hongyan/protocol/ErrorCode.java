package io.hongyan.protocol;

import io.hongyan.protocol.v1.Code;

/**
 * The one table of refusals: number, MQTT 5 reason code, HTTP status, sentence.
 *
 * <p>Numbers are those of {@link Code} and are never reused. MQTT reason codes are those a PUBACK may carry
 * (MQTT 5.0, table 3-4).
 */
public enum ErrorCode {
    MALFORMED(Code.MALFORMED, 0x99, 400, "The payload does not parse, or a mandatory field is missing."),
    NOT_AUTHORIZED(Code.NOT_AUTHORIZED, 0x87, 401, "The credentials are missing or invalid, or the token has expired."),
    NOT_A_MEMBER(Code.NOT_A_MEMBER, 0x87, 403, "You are not a member of this conversation."),
    MUTED(Code.MUTED, 0x87, 403, "You are muted here now."),
    BLOCKED(Code.BLOCKED, 0x87, 403, "The receiver does not accept your messages."),
    NOT_FRIENDS(Code.NOT_FRIENDS, 0x87, 403, "Only friends may write to this user."),
    TOO_LARGE(Code.TOO_LARGE, 0x97, 413, "The message is larger than the server accepts."),
    REJECTED_BY_MODERATION(Code.REJECTED_BY_MODERATION, 0x83, 403, "The message was rejected by moderation."),
    RATE_LIMITED(Code.RATE_LIMITED, 0x97, 429, "Too many requests; slow down."),
    UNKNOWN_CONVERSATION(Code.UNKNOWN_CONVERSATION, 0x90, 404, "There is no such user, group or room."),
    TOO_LATE(Code.TOO_LATE, 0x83, 409, "The time for this has passed."),
    NOT_ALLOWED(Code.NOT_ALLOWED, 0x87, 403, "You may not do this."),
    VERSION_UNSUPPORTED(Code.VERSION_UNSUPPORTED, 0x83, 400, "This version of the protocol is not supported."),
    UNKNOWN_METHOD(Code.UNKNOWN_METHOD, 0x90, 404, "There is no such method."),
    UNKNOWN_TOPIC(Code.UNKNOWN_TOPIC, 0x90, 404, "Clients do not publish to this topic."),
    FORM_MIXED(Code.FORM_MIXED, 0x83, 409, "This device already uses the other encoding, JSON or protobuf."),
    QOS_UNSUPPORTED(Code.QOS_UNSUPPORTED, 0x83, 400, "Messaging topics take QoS 0 and 1."),
    UNAVAILABLE(Code.UNAVAILABLE, 0x80, 503, "The service cannot answer now; try again."),
    GROUP_FULL(Code.GROUP_FULL, 0x97, 409, "The group has as many members as it may have."),
    DISSOLVED(Code.DISSOLVED, 0x87, 410, "The group has been dissolved."),
    UNKNOWN_USER(Code.UNKNOWN_USER, 0x90, 404, "A user that is named does not exist."),
    EXISTS(Code.EXISTS, 0x83, 409, "The id or name is used already."),
    NOTHING_TO_DO(Code.NOTHING_TO_DO, 0x83, 409, "The request would change nothing."),
    OWNER_MUST_STAY(Code.OWNER_MUST_STAY, 0x83, 409, "The owner must hand the group over first."),
    UNKNOWN_DESTINATION(Code.UNKNOWN_DESTINATION, 0x90, 404, "There is no such destination for reports."),
    INTERNAL_ERROR(Code.INTERNAL_ERROR, 0x83, 500, "The server failed because of an error in it."),
    UNKNOWN_MESSAGE(Code.UNKNOWN_MESSAGE, 0x90, 404, "There is no such message here, or it was recalled."),
    LIMIT_REACHED(Code.LIMIT_REACHED, 0x97, 409, "There are as many of these as there may be.");

    private final Code code;
    private final int mqttReason;
    private final int httpStatus;
    private final String sentence;

    ErrorCode(Code code, int mqttReason, int httpStatus, String sentence) {
        this.code = code;
        this.mqttReason = mqttReason;
        this.httpStatus = httpStatus;
        this.sentence = sentence;
    }

    public Code code() {
        return code;
    }

    /** The reason code of a refusing PUBACK, 0x80 or above. */
    public int mqttReason() {
        return mqttReason;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** One sentence in English, shown to clients as the reason. */
    public String sentence() {
        return sentence;
    }
}
