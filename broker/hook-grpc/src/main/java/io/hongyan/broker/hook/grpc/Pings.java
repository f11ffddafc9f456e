package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.broker.hook.grpc.v1.Ping;

/** What both ends say when they have nothing to say. */
final class Pings {
    static final Item PING =
            Item.newBuilder().setPing(Ping.getDefaultInstance()).build();

    private Pings() {}
}
