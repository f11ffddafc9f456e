package io.hongyan.broker.hook.grpc;

/**
 * Limits and times of links, the same at both ends but for {@code retry…} and {@code leaseMillis}, which are the gate's.
 *
 * @param frameBytesMax calls that wait are sent together up to this; one is always sent
 * @param messageBytesMax largest gRPC message that is taken
 * @param queueBytesMax what may wait to be sent on one link: above it a gate reads no more from clients, and a node closes
 *     the clients whose pushes it cannot hold
 * @param unansweredBytesMax payloads of publishes of one gate that a node works on; above it the link is not read
 * @param linksMax gates at one node
 * @param pingMillis each end says something at least so often
 * @param silenceMillis a link on which nothing came for so long is broken
 * @param openMillis how long a node may take to let a gate in
 * @param retryMillisMin pause after the first failed attempt to reach a node, doubled up to {@code retryMillisMax}
 * @param leaseMillis a gate without node for so long closes its clients
 */
public record LinkSettings(
        int frameBytesMax,
        int messageBytesMax,
        long queueBytesMax,
        long unansweredBytesMax,
        int linksMax,
        int pingMillis,
        int silenceMillis,
        int openMillis,
        int retryMillisMin,
        int retryMillisMax,
        int leaseMillis) {
    public static final LinkSettings DEFAULT =
            new LinkSettings(256 << 10, 64 << 20, 16 << 20, 32 << 20, 256, 1_000, 5_000, 3_000, 100, 1_000, 30_000);
}
