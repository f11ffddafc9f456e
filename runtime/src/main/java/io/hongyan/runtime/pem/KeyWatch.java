package io.hongyan.runtime.pem;

/**
 * Tells when files have been replaced: once they have not changed between two looks, so that half of a new pair is not taken.
 * Used by one thread at a time.
 */
public final class KeyWatch {
    private final KeyFiles files;
    private String taken;
    private String seen;

    /** The files are taken as they are now. */
    public KeyWatch(KeyFiles files) {
        this.files = files;
        taken();
    }

    /** To be called every few seconds: true, once, when other files are there to be read. */
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

    /** The files are about to be read as they are now, whether they have changed or not. */
    public void taken() {
        taken = files.state();
        seen = taken;
    }
}
