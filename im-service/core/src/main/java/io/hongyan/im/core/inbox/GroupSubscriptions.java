package io.hongyan.im.core.inbox;

/** Which streams of large groups a device wants. Called from any thread; must not block. */
@FunctionalInterface
public interface GroupSubscriptions {
    Subscription subscriptionTo(String group);

    /** What a device wants of one group. */
    enum Subscription {
        NOTHING,
        /** Its entries; they are not acknowledged, so the cursor stays where it is. */
        UNTRACKED,
        TRACKED
    }
}
