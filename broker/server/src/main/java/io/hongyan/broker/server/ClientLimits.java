package io.hongyan.broker.server;

import io.hongyan.broker.server.BrokerConfig.FlowLimits;
import io.hongyan.broker.server.BrokerConfig.PacketLimits;
import io.hongyan.settings.InSection;

/**
 * The limits on clients that can be changed while the server runs; see {@link BrokerServer#changeLimits}. They hold for
 * what happens from then on, with two exceptions: a connection keeps what its client or its socket was told when it was
 * opened ({@link Connection#packetBytesMax} and {@link Connection#flow}), and keeps the filters that it has.
 */
public record ClientLimits(
        FloodLimits flood,

        @InSection("mqtt") PacketLimits packets,

        @InSection("mqtt") FlowLimits flow) {

    public ClientLimits withFlood(FloodLimits value) {
        return new ClientLimits(value, packets, flow);
    }

    public ClientLimits withPackets(PacketLimits value) {
        return new ClientLimits(flood, value, flow);
    }

    public ClientLimits withFlow(FlowLimits value) {
        return new ClientLimits(flood, packets, value);
    }
}
