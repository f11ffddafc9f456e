package io.hongyan.broker.hook;

/** A user property of MQTT 5. The same name may stand several times in a packet. */
public record UserProperty(String name, String value) {}
