package io.hongyan.runtime.pem;

/**
 * Notices when files have been replaced: only after they have not changed between two checks, so that half of a new
 * pair is not read. Used by one thread at a time.
 */
public final class KeyWatch {
    private final KeyFiles files;
    private String taken;
    private String seen;

    /** The current files count as read. */
    public KeyWatch(KeyFiles files) {
        this.files = files;
        taken();
    }

    /** Call it every few seconds: returns true, once, when there are new files to read. */
    public boolean changed() {
        String state = files.state();
        boolean settled = state.equals(seen);
        seen = state;
        if (!settled || state.equals(taken)) {
            return false;
        }
        taken = state;
        return true;
    }

    /** The current files are about to be read, whether they have changed or not. */
    public void taken() {
        taken = files.state();
        seen = taken;
    }
}
