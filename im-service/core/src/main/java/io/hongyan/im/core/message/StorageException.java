package io.hongyan.im.core.message;

/**
 * The storage did not do what was asked, or it is not known whether it did. Nothing of a failed write may be
 * acknowledged; writes of this system are made so that asking again is harmless.
 */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StorageException(String what, Throwable cause) {
        super(what, cause);
    }
}
