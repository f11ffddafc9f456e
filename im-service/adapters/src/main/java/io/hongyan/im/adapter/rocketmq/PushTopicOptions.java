package io.hongyan.im.adapter.rocketmq;

/**
 * Where pushes are read from, and with what bounds.
 *
 * @param bytesMax body of one message
 * @param waitingMax messages read ahead, per queue and in all; some more may be on their way
 */
public record PushTopicOptions(String topic, int bytesMax, int waitingMax) {}
