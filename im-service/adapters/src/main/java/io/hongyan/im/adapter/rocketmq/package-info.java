/** RocketMQ: the sink of the feed, and a source of pushes. */
package io.hongyan.im.adapter.rocketmq;
