package io.hongyan.im.core.message;

/**
 * Names one network connection of a client, never a second one.
 *
 * @param gate the gate process that holds it
 * @param number rises with each connection of that gate
 */
public record ConnectionKey(String gate, long number) {}
