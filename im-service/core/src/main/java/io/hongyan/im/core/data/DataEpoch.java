package io.hongyan.im.core.data;

/**
 * One history of the data. Within it a number means the same thing for ever. After data was lost (an older backup was
 * restored, a replica had not received everything) numbers are given a second time: then another epoch begins, and what
 * clients and readers remember of numbers of the one before is void.
 *
 * @param id the same in no other epoch; compared, never ordered
 * @param sinceMillis when it began, milliseconds since 1970-01-01 UTC; 0 = with the installation
 */
public record DataEpoch(String id, long sinceMillis) {
    /** By how much the clocks of two nodes may differ. */
    private static final long CLOCKS_MILLIS = 60_000;

    /** Whether a client that logged in then, by the clock of any node, is certain to have been told this epoch. */
    public boolean wasToldAt(long loginAtMillis) {
        return sinceMillis == 0 || loginAtMillis - CLOCKS_MILLIS >= sinceMillis;
    }
}
