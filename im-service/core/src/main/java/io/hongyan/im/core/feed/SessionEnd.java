package io.hongyan.im.core.feed;

/** Why a session has ended. */
public enum SessionEnd {
    /** The client has said that it goes. */
    BY_CLIENT,
    /** The client has logged out for good. */
    LOGGED_OUT,
    /** The connection was lost, or nothing came in the agreed time. */
    LOST,
    /** A newer login displaced it. */
    KICKED,
    /** The same device has connected again. */
    REPLACED,
    /** The server ended it: a broken rule, a limit, trouble. */
    BY_SERVER,
    /** The server was stopping. */
    STOPPING,
    /** An operator has thrown it out: kicked, its token revoked, or the user disabled or deleted. */
    THROWN_OUT,
    /** The token it logged in with has ended. */
    TOKEN_EXPIRED
}
