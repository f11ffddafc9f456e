package io.hongyan.client.net;

import java.util.ArrayList;
import java.util.List;

/**
 * The addresses to connect to: the gates that the server has named, in its order, and the bootstrap address after them. One
 * thread at a time uses it.
 */
public final class Gates {
    static final int GATES_MAX = 200;

    private final String bootstrap;
    private List<String> addresses;
    private int at;

    /** @param bootstrap where to go while no gate is known, and when none can be reached */
    public Gates(String bootstrap) {
        this.bootstrap = bootstrap;
        named(new ArrayList<String>());
    }

    /** The server has named its gates, the best first; where none is left, only the bootstrap address is. */
    public void named(List<String> gates) {
        List<String> all = new ArrayList<>(gates.subList(0, Math.min(gates.size(), GATES_MAX)));
        all.remove(bootstrap);
        all.add(bootstrap);
        addresses = all;
        at = 0;
    }

    /** The one to connect to. */
    public String current() {
        return addresses.get(at);
    }

    /** The one after it, from the beginning again after the last. */
    public void next() {
        at = (at + 1) % addresses.size();
    }
}
