/** Consumers of the business feed: over HTTP, and with RocketMQ's own client. */
package io.hongyan.bench.feed;
