package io.hongyan.im.core.inbox;

/** Has the streams of this node find out what nobody has announced here. Any thread; does not block. */
public interface MissedEntries {
    /** Something may have been stored elsewhere that was not announced here. */
    void want();

    /** Nobody announces anything here now: to be called again and again meanwhile. */
    void alone();

    /** Starts what could not be started, or has failed: to be called again and again. */
    void startIfWanted();
}
