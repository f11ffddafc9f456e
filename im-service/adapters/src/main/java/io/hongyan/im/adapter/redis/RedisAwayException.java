package io.hongyan.im.adapter.redis;

/** Redis did not carry out a command, or it is not known whether it did. */
final class RedisAwayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RedisAwayException(String what, Throwable cause) {
        super(what, cause);
    }
}
