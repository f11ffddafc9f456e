package io.hongyan.im.core.work;

/**
 * @param threads that the executor has
 * @param waitingMax pieces of work that wait in one queue; the more owners wait, the fewer each may have there
 * @param waitingPerOwnerMax pieces of work of one owner that wait in one queue
 */
public record WorkLimits(int threads, int waitingMax, int waitingPerOwnerMax) {
    public static final WorkLimits DEFAULT = new WorkLimits(8, 50_000, 2_000);

    /** What a queue may have of the threads: some are left to the others when all its work hangs. */
    int threadsPerQueue() {
        return Math.max(1, threads * 3 / 4);
    }
}
