package io.hongyan.runtime.pem;

/** A certificate or key that cannot be used; the message says which file, why, and what to do. */
public final class PemException extends Exception {
    private static final long serialVersionUID = 1;

    public PemException(String message) {
        super(message);
    }

    public PemException(String message, Throwable cause) {
        super(message, cause);
    }
}
