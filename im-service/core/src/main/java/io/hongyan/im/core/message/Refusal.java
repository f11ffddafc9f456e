package io.hongyan.im.core.message;

/** Why a request is refused for good; sending it again changes nothing. Names are those of the client contract. */
public enum Refusal {
    MALFORMED,
    NOT_A_MEMBER,
    TOO_LARGE,
    RATE_LIMITED,
    UNKNOWN_CONVERSATION,
    NOT_ALLOWED
}
