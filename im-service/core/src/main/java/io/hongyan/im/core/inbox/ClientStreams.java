package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;

/** What one connection is sent, as its session sees it. Any thread; does not block where nothing else is said. */
public interface ClientStreams extends SendStreams {
    /** Makes streams for connections. */
    @FunctionalInterface
    interface Source {
        /**
         * The streams of a connection, none of which sends yet. From now on they learn what is stored, of the sends of their
         * connection too. Every one that was opened must be ended.
         *
         * @param receiveMaximum unacknowledged entries the client takes
         */
        ClientStreams open(ConnectionKey connection, DeviceKey device, int receiveMaximum);
    }

    /**
     * The inbox is to be sent; {@link #beginInbox} begins.
     *
     * @return false where it is being sent already, or the connection has ended
     */
    boolean startInbox(boolean tracked);

    /**
     * Starts to send the inbox: what was stored after {@link #startInbox} is announced, what was stored before is read.
     * Blocks. Where that fails nothing more is sent to the connection, which is to be closed: streams of groups that went on
     * alone would come before what the inbox has to say of them.
     *
     * @param room which devices are kept
     */
    void beginInbox(DeviceRoom room);

    void stopInbox();

    /** Streams of large groups are to be sent, instead of those that are; {@link #beginGroups} begins. */
    void startGroups(GroupSubscriptions wanted);

    /** Starts to send the streams of large groups that {@link #startGroups} asked for. Blocks. */
    void beginGroups(DeviceRoom room);

    void stopGroups();

    /** The client has acknowledged what it was sent of its inbox up to this number. */
    void inboxAcknowledgedByClient(long seq);

    /** Ends all of them. */
    void end();
}
