package io.hongyan.im.adapter.rocketmq;

/** RocketMQ has not accepted something, or it is not known whether it has; the text says why, for operators. */
final class RocketMqException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RocketMqException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
