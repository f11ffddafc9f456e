package io.hongyan.im.core.inbox;

/** Why the core ends a connection. */
public enum CloseReason {
    /** A newer login displaced it. */
    KICKED,
    /** The same device has connected again. */
    REPLACED,
    /** A send could not be stored in time, so nothing later of this connection may be. */
    STORAGE_TROUBLE,
    /** The server is stopping. */
    STOPPING,
    /** An operator has ended it; the client may come back. */
    BY_OPERATOR,
    /** The token it logged in with was revoked. */
    TOKEN_REVOKED,
    /** The user was disabled. */
    USER_DISABLED,
    /** The user was deleted. */
    USER_DELETED,
    /** The token it logged in with has ended. */
    TOKEN_EXPIRED,
    /** The data is of another epoch, which the client is told when it logs in again. */
    DATA_CHANGED
}
