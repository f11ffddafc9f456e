package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A fault by the name it has on the command line, as something to wrap the storage in. */
public enum Fault {
    /** Acknowledges what is written to disk half a second later; see {@link LateDisk}. */
    ACK_BEFORE_STORE("ack-before-store", UnaryOperator.identity()),
    /** Stores a message again each time it is sent. */
    NO_DEDUP("no-dedup", ForgetfulStorage::around),
    /** Numbers the messages of a batch from behind. */
    SWAP_ORDER("swap-order", ReversingLog::around),
    /** Never remembers what a device has acknowledged. */
    RESET_CURSOR("reset-cursor", StuckCursors::around);

    private final String name;
    private final UnaryOperator<Storage> decorator;

    Fault(String name, UnaryOperator<Storage> decorator) {
        this.name = name;
        this.decorator = decorator;
    }

    public static Optional<Fault> named(String name) {
        return Arrays.stream(values()).filter(fault -> fault.name.equals(name)).findFirst();
    }

    public Storage inject(Storage storage) {
        return decorator.apply(storage);
    }
}
