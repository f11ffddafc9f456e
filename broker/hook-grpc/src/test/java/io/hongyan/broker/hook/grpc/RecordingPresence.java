package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.NodePresence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A broker that records what it is told about its node. */
class RecordingPresence implements NodePresence {
    final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @Override
    public CompletionStage<Void> away() {
        told.add("away");
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void back() {
        told.add("back");
    }

    @Override
    public void givenUp() {
        told.add("given up");
    }

    @Override
    public void full() {
        told.add("full");
    }

    @Override
    public void roomy() {
        told.add("roomy");
    }
}
