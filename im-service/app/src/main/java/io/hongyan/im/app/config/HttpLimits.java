package io.hongyan.im.app.config;

import java.util.Map;

/** The HTTP listener, and who may call its API. */
public record HttpLimits(
        @Setting(value = "Requests answered at the same time.", min = 2, max = 1000)
        int threadsMax,

        @Setting(value = "A connection that is silent for so long is closed.", unit = "ms", min = 100, max = 3_600_000)
        long idleMillisMax,

        @Setting(value = "API requests under way; further ones are refused.", min = 1, max = 100_000)
        int requestsMax,

        @Setting(value = "Body of one API request.", unit = "bytes", min = 1024, max = 64 << 20)
        int bodyBytesMax,

        @Setting(value = "An API request that has no answer by then gets 503.", unit = "ms", min = 100, max = 600_000)
        long requestMillisMax,

        Map<String, HttpKey> keys) {
    static final HttpLimits DEFAULT = new HttpLimits(8, 30_000, 256, 1 << 20, 10_000, Map.of());
}
