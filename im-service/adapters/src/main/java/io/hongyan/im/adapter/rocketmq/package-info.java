/** RocketMQ: where the feed goes, and a way in for pushes. */
package io.hongyan.im.adapter.rocketmq;
