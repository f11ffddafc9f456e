package io.hongyan.client.net;

/** What a {@link Reconnector} wants to be done. None of it blocks; it is told later what came of it. */
public interface LinkActions {
    /** Asks the app for a token. */
    void askForToken();

    /** Connects, with the newest token. */
    void connect(String gate);

    /** Closes the connection or the attempt; nothing more is told of it. */
    void close();

    /** The state is another one. */
    void stateChanged(LinkState state);
}
