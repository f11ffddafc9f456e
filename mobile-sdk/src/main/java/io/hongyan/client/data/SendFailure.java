package io.hongyan.client.data;

/** Why a message was not sent. */
public enum SendFailure {
    /** The server has refused it; the code says why. */
    REFUSED,
    /** It could not be sent within a day. If it was on its way already, it may have been stored. */
    EXPIRED,
    /** As many messages wait as may wait. It was not kept. */
    OUTBOX_FULL,
    /** Its content is larger than a message may be. It was not kept. */
    TOO_LARGE
}
