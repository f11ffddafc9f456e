package io.hongyan.broker.server;

import io.hongyan.broker.hook.NodePresence;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Tells the event loops whether the node is reachable; each handles its own connections. */
final class GatePresence implements NodePresence {
    private final Gate gate;

    GatePresence(Gate gate) {
        this.gate = gate;
    }

    @Override
    public CompletionStage<Void> away() {
        // Before the loops are told: a loop that is created meanwhile starts with it.
        gate.nodeAway = true;
        return onEachLoop(GateLoop::nodeAway);
    }

    @Override
    public void back() {
        gate.nodeAway = false;
        onEachLoop(GateLoop::nodeBack);
    }

    @Override
    public void givenUp() {
        onEachLoop(GateLoop::giveUpNode);
    }

    @Override
    public void full() {
        gate.nodeFull = true;
    }

    @Override
    public void roomy() {
        // Before the loops are told: a caller that finds it full after that is told too.
        gate.nodeFull = false;
        onEachLoop(GateLoop::nodeRoomy);
    }

    private CompletionStage<Void> onEachLoop(Consumer<GateLoop> task) {
        return CompletableFuture.allOf(gate.loops().stream()
                .map(loop -> {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    loop.post(new Mail() {
                        @Override
                        Connection connection() {
                            return null;
                        }

                        @Override
                        void deliver() {
                            try {
                                task.accept(loop);
                            } finally {
                                // Nobody may wait for it for ever.
                                done.complete(null);
                            }
                        }
                    });
                    return done;
                })
                .toArray(CompletableFuture[]::new));
    }
}
