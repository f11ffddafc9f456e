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
    STOPPING
}
