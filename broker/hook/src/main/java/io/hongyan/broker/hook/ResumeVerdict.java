package io.hongyan.broker.hook;

/** The answer for a client that was connected before its broker found this node. */
public sealed interface ResumeVerdict {
    /** The client stays: its unanswered publishes are asked again, then its packets are read on. */
    record GoOn() implements ResumeVerdict {}

    /** The client is disconnected. */
    record Close(DisconnectCause cause) implements ResumeVerdict {}
}
