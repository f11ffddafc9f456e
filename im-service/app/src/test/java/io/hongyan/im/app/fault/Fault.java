package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A fault by its name on the command line, as something to wrap the storage in or to put into its tables. */
public enum Fault {
    /** Acknowledges what is written to disk half a second later; see {@link LateDisk}. */
    ACK_BEFORE_STORE("ack-before-store", UnaryOperator.identity()),
    /** Stores a message again each time it is sent. */
    NO_DEDUP("no-dedup", ForgetfulStorage::around),
    /** Numbers the messages of a batch in reverse. */
    SWAP_ORDER("swap-order", ReversingLog::around),
    /** Never remembers what a device has acknowledged. */
    RESET_CURSOR("reset-cursor", StuckCursors::around),
    /** Keeps some messages out of the feed. */
    DROP_OUTBOX("drop-outbox", LeakyFeed::around),
    /** Writes inbox rows of a group's message a second time. */
    REFANOUT("refanout", SpoiledTables.REFANOUT),
    /** Lets members come and go two entries late. */
    LATE_MEMBER("late-member", SpoiledTables.LATE_MEMBER),
    /** Counts some messages twice. */
    UNREAD_DRIFT("unread-drift", SpoiledTables.UNREAD_DRIFT),
    /** Leaves some messages as they were when they are changed. */
    LOST_CHANGE("lost-change", LostChanges::around),
    /** Forgets what users say they have read. */
    LOST_MARK("lost-mark", LostMarks::around);

    private final String name;
    private final UnaryOperator<Storage> decorator;
    private final List<String> statements;

    Fault(String name, UnaryOperator<Storage> decorator) {
        this.name = name;
        this.decorator = decorator;
        this.statements = List.of();
    }

    Fault(String name, List<String> statements) {
        this.name = name;
        this.decorator = UnaryOperator.identity();
        this.statements = statements;
    }

    public static Optional<Fault> named(String name) {
        return Arrays.stream(values()).filter(fault -> fault.name.equals(name)).findFirst();
    }

    /** @param database SQLite's file, with its tables */
    public Storage inject(Storage storage, Path database) {
        if (!statements.isEmpty()) {
            SpoiledTables.spoil(database, statements);
        }
        return decorator.apply(storage);
    }
}
