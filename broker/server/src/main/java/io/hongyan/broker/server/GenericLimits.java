package io.hongyan.broker.server;

/**
 * What Moquette may hold.
 *
 * @param commandsMax commands waiting for one of its session threads
 * @param connectsMax CONNECTs in its hands per event loop; more wait in the gate
 * @param keptSessionsMax sessions it keeps for absent clients; above that new ones end with their connection
 * @param keptSessionsPerUserMax the same for one user
 */
public record GenericLimits(
        int commandsMax,
        int connectsMax,
        int keptSessionsMax,
        int keptSessionsPerUserMax,
        RetainedLimits retained,
        QueueLimits queues) {
    public static final GenericLimits DEFAULT = new GenericLimits(
            65_536,
            256,
            100_000,
            64,
            new RetainedLimits(20_000, 64 << 20, 500, 4 << 20),
            new QueueLimits(1_000, 1 << 20, 128 << 20));

    /**
     * Retained messages. A PUBLISH above a limit is refused with "quota exceeded"; a smaller one of the same topic may replace one
     * that is there.
     *
     * @param messagesMax all of them
     * @param bytesMax their payloads and topics, together
     * @param messagesPerUserMax those of one user, who has topics of his own
     * @param bytesPerUserMax the same
     */
    public record RetainedLimits(int messagesMax, int bytesMax, int messagesPerUserMax, int bytesPerUserMax) {}

    /**
     * Messages that wait for a session: for an absent client, or for room in the window of one that is there. Above a limit further
     * ones are dropped and counted.
     *
     * @param messagesPerSessionMax of one session
     * @param bytesPerSessionMax of one session
     * @param bytesMax of all sessions together
     */
    public record QueueLimits(int messagesPerSessionMax, int bytesPerSessionMax, int bytesMax) {}
}
