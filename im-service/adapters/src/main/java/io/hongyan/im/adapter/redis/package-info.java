/**
 * Several nodes as one system, through Redis: who is online where ({@link RedisSessionDirectory}), which nodes there are
 * ({@link NodeRegistry}), and what they tell each other ({@link RedisPeers}). {@link RedisCluster} puts it together.
 */
package io.hongyan.im.adapter.redis;
