package io.hongyan.im.app;

/** The server cannot start. The message tells an operator why. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String why, Throwable cause) {
        super(why, cause);
    }
}
