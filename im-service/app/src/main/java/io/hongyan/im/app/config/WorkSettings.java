package io.hongyan.im.app.config;

/** Work that waits for the storage: logins, inbox pages, calls, all else; a queue for each. */
public record WorkSettings(
        @Setting(value = "Threads.", min = 1, max = 1000) int threadsMax,

        @Setting(
                value =
                        "Pieces of work that wait in one queue, divided among the clients they are for; further ones are refused.",
                min = 1)
        int waitingMax,

        @Setting(value = "Pieces of work of one client that wait in one queue; further ones are refused.", min = 1)
        int waitingPerClientMax) {
    static final WorkSettings DEFAULT = new WorkSettings(8, 50_000, 2_000);
}
