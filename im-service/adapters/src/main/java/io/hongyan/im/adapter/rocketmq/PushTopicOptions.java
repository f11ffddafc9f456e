package io.hongyan.im.adapter.rocketmq;

/**
 * The topic of pushes, and limits.
 *
 * @param bytesMax body of one message
 * @param waitingMax messages read ahead, per queue and in total; some more may be pending
 */
public record PushTopicOptions(String topic, int bytesMax, int waitingMax) {}
