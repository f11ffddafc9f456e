/** The feed and pushes through a real RocketMQ, read and written by RocketMQ's own clients. */
package io.hongyan.im.app.rocketmq;
