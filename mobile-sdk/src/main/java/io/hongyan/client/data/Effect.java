package io.hongyan.client.data;

/** Something that a step does to the world. */
public interface Effect {
    /** Does it, without blocking. */
    void carryOut(Connection connection, DataListener listener);
}
