package io.hongyan.client.net;

/** Whether there is a connection, and if not, what is missing. */
public enum LinkState {
    /** Nobody wants one. */
    STOPPED,
    /** The app is being asked for a token. */
    ASKING_FOR_TOKEN,
    /** A gate is being connected to. */
    CONNECTING,
    /** There is one. */
    CONNECTED,
    /** It was lost or could not be made; it is tried again by itself. */
    WAITING,
    /** As {@link #WAITING}: connections are made and end at once, three times in succession. */
    UNSTABLE,
    /** The app must give another token: the last one is refused, or was not given. */
    TOKEN_NEEDED,
    /** Another device has taken the place of this one; it is not tried again until the user asks for it. */
    KICKED,
    /** The server refuses this client for good. */
    REFUSED
}
