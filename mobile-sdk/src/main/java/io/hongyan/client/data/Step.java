package io.hongyan.client.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What follows from what has happened. First the writes are committed; then, and only if that succeeded, the effects are
 * carried out in their order. All promises rest on this order: what the server is told to be delivered, and what people see
 * as queued or sent, is stored.
 */
public final class Step {
    private final Transaction writes = new Transaction();
    private final List<Effect> effects = new ArrayList<>();

    Step() {}

    Transaction change() {
        return writes;
    }

    void then(Effect effect) {
        effects.add(effect);
    }

    void tell(OutboxRow row, SendState state) {
        then((connection, listener) -> listener.sendStateChanged(row, state));
    }

    /** What is to be committed first; it may be empty. */
    public Transaction writes() {
        return writes;
    }

    /** What is to be done then. */
    public List<Effect> effects() {
        return Collections.unmodifiableList(effects);
    }
}
