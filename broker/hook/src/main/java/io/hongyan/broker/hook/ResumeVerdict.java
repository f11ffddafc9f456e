package io.hongyan.broker.hook;

/** What becomes of a client that was connected before its broker found this host. */
public sealed interface ResumeVerdict {
    /** It stays: what it sent and was not answered is asked again, then its packets are read on. */
    record GoOn() implements ResumeVerdict {}

    /** It is disconnected. */
    record Close(DisconnectCause cause) implements ResumeVerdict {}
}
