package io.hongyan.im.adapter.sql.mysql;

/** A slot is not in the database where it was looked for: nothing was done, and the others are to be asked. */
final class SlotMovedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SlotMovedException(String database) {
        super("a slot is not in database " + database, null, false, false);
    }

    /** Whether it is the reason of a failure. */
    static boolean in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SlotMovedException) {
                return true;
            }
        }
        return false;
    }
}
