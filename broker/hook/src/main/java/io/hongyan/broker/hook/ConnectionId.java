package io.hongyan.broker.hook;

/**
 * Names one network connection, never a second one: a late notice about an ended connection of the same client can be
 * told from the living one.
 *
 * @param gate the gate process that holds it, unique per start of that process
 * @param number rises with each connection of that gate
 */
public record ConnectionId(String gate, long number) {
    @Override
    public String toString() {
        return gate + '#' + number;
    }
}
