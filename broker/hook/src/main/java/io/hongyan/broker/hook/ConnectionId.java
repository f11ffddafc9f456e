package io.hongyan.broker.hook;

/**
 * Names one network connection and never another one, so that a late notice about an ended connection of a client is
 * not taken for its new one.
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
