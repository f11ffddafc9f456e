package io.hongyan.im.core.message;

/**
 * One installation of a client.
 *
 * @param uid the user it belongs to
 * @param device {@code platform:name}, unique within the user
 */
public record DeviceKey(String uid, String device) {}
