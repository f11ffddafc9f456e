package io.hongyan.im.core.cluster;

/**
 * Tells all other nodes what this one has stored, or wants their clients to know. Any thread, often under a lock: never
 * blocks and never fails. What one node tells comes in order, but may be lost: then the receivers notice within seconds
 * and look for themselves, so nothing that must not be lost is told this way alone.
 */
@FunctionalInterface
public interface OtherNodes {
    /** There are no other nodes. */
    OtherNodes NONE = notice -> {};

    void tell(NodeNotice notice);
}
