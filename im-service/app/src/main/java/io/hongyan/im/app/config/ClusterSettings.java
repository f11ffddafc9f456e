package io.hongyan.im.app.config;

/** How processes find each other. */
public record ClusterSettings(LinkSection link, RedisSection redis) {}
