package io.hongyan.im.core.hint;

/**
 * The way of hints to the outside: a webhook, a phone maker's push service. Safe for many threads; never blocks, never
 * throws. Bounded: what cannot be sent is dropped and counted by the sender, for a hint is no message.
 */
public interface HintSender {
    void send(Hint hint);
}
