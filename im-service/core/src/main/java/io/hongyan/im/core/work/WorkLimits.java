package io.hongyan.im.core.work;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Work that waits for a thread: logins, inbox pages, calls, checks of tokens, all else; a queue for each. */
public record WorkLimits(
        @Setting(
                value = "Threads for blocking work: logins, page reads, calls, checks of signatures, service.",
                defaultValue = "8",
                name = "threads_max",
                min = 1,
                max = 1000)
        int threads,

        @Setting(
                value = "Pieces of work that wait in one queue, shared among the clients that they are for; further"
                        + " ones are refused.",
                defaultValue = "50_000",
                min = 1)
        int waitingMax,

        @Setting(
                value =
                        "Pieces of work of one client that wait in one queue, or of one address where the client is not known"
                                + " yet; further ones are refused.",
                defaultValue = "2_000",
                name = "waiting_per_client_max",
                min = 1)
        int waitingPerOwnerMax) {
    public static final WorkLimits DEFAULT = Defaults.of(WorkLimits.class);

    /** What a queue may have of the threads: some are left to the others when all its work hangs. */
    int threadsPerQueue() {
        return Math.max(1, threads * 3 / 4);
    }

    /** Checks of signatures never wait, they compute: with more at once, all else would lack processors. */
    int threadsOfTokens() {
        return Math.max(1, Math.min(threads, Runtime.getRuntime().availableProcessors()) / 2);
    }
}
