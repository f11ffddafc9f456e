package io.hongyan.im.adapter.redis;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Time limits and connections for Redis. */
public record RedisLimits(
        @Setting(
                value = "Time to connect to Redis.",
                defaultValue = "500",
                name = "connect_millis_max",
                unit = "ms",
                min = 50,
                max = 1_000)
        int connectMillis,

        @Setting(
                value = "Time for a Redis command.",
                defaultValue = "500",
                name = "answer_millis_max",
                unit = "ms",
                min = 50,
                max = 1_000)
        int answerMillis,

        @Setting(value = "Connections for commands to each Redis server.", defaultValue = "16", min = 2, max = 1_000)
        int connectionsMax) {
    public static final RedisLimits DEFAULT = Defaults.of(RedisLimits.class);
}
