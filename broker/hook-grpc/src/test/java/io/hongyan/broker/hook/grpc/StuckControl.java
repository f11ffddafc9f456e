package io.hongyan.broker.hook.grpc;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A broker that accepts no push until the test allows it. */
final class StuckControl extends RecordingControl {
    private final CompletableFuture<Void> reads;

    StuckControl(CompletableFuture<Void> reads) {
        this.reads = reads;
    }

    @Override
    public void push(byte[] shared, List<Target> targets) {
        reads.join();
        super.push(shared, targets);
    }
}
