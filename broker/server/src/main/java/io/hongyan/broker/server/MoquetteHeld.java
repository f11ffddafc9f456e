package io.hongyan.broker.server;

import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttPublishMessage;

/** Packets of Moquette that wait for CONNACK or for space in the client's window. */
final class MoquetteHeld {
    record Publish(MoquetteLink link, MqttPublishMessage packet, ChannelPromise promise) implements Deliveries.Held {
        @Override
        public boolean send(Deliveries deliveries) {
            return link.send(packet, promise);
        }

        @Override
        public void drop() {
            packet.release();
            promise.trySuccess();
        }
    }

    record Release(MoquetteLink link, int packetId) implements Deliveries.Held {
        @Override
        public boolean send(Deliveries deliveries) {
            link.sendRelease(packetId);
            return true;
        }

        @Override
        public void drop() {
            // Moquette keeps it with the session.
        }
    }

    private MoquetteHeld() {}
}
