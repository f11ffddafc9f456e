/**
 * Several nodes as one system, through Redis: who is online where ({@link RedisSessionDirectory}), which nodes live
 * ({@link NodeRegistry}), and notices between nodes ({@link RedisNoticePublisher}). {@link ClusterMembership} connects these parts.
 */
package io.hongyan.im.adapter.redis;
