package io.hongyan.client.data;

/** The store could not be read or written: it is full, damaged or not there any more. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message one sentence for people */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
