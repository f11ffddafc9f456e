package io.hongyan.im.core.message;

/** Why a request is refused for good; sending it again changes nothing. Names are those of the client contract. */
public enum Refusal {
    MALFORMED,
    NOT_A_MEMBER,
    TOO_LARGE,
    RATE_LIMITED,
    UNKNOWN_CONVERSATION,
    NOT_ALLOWED,
    /** The sender, or everybody, must not write in this group. */
    MUTED,
    /** The group has as many members as it may have. */
    GROUP_FULL,
    /** The group is no more. */
    DISSOLVED,
    /** A user that is named does not exist. */
    UNKNOWN_USER,
    /** There is such a group already, made by another request. */
    EXISTS,
    /** What was asked for is so already. */
    NOTHING_TO_DO,
    /** The owner must hand the group over first. */
    OWNER_MUST_STAY,
    /** There is no such message that the user may change, or it was recalled. */
    UNKNOWN_MESSAGE,
    /** The time in which this may be done has passed. */
    TOO_LATE,
    /** There are as many edits, reactions or pinned messages as there may be. */
    LIMIT_REACHED,
    /** There is nothing of that name to report to. */
    UNKNOWN_DESTINATION,
    /** The server cannot, by a mistake of its own. */
    INTERNAL_ERROR
}
