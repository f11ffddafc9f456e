package io.hongyan.im.app.config;

/** Work that waits for the storage: logins, reading pages. */
public record WorkSettings(
        @Setting(value = "Threads.", min = 1, max = 1000) int threadsMax,

        @Setting(value = "Pieces of work that wait; further ones are refused.", min = 1)
        int waitingMax) {
    static final WorkSettings DEFAULT = new WorkSettings(8, 50_000);
}
