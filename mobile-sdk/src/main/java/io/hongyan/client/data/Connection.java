package io.hongyan.client.data;

import com.google.protobuf.MessageLite;
import io.hongyan.protocol.v1.SendRequest;

/** What the engine wants of the connection to the server. Where there is none any more, nothing happens. */
public interface Connection {
    /** Subscribes to everything of the user. */
    void subscribe();

    /** Publishes a message, QoS 1, after what was published before. */
    void send(SendRequest request);

    /** Publishes a call to {@code im/call/METHOD}. */
    void call(String method, MessageLite request);

    /** Acknowledges a delivery, in the order of the calls. */
    void acknowledge(long delivery);

    /** Ends the connection. */
    void end(Ending why);
}
