package io.hongyan.im.core.push;

import io.hongyan.im.core.message.DeviceKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells business lines what became of pushes. Any thread; does not block. */
public interface PushEvents {
    /** Nobody listens. */
    PushEvents NONE = new PushEvents() {
        @Override
        public CompletionStage<Void> finished(String pushId, PushCounts counts) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void acknowledged(DeviceKey device, String pushId) {}
    };

    /**
     * Everybody has been gone through.
     *
     * @return completes when that is durable; exceptionally if it is not certain: it is told again
     */
    CompletionStage<Void> finished(String pushId, PushCounts counts);

    /** A device has acknowledged a stored push; best effort where too much waits. */
    void acknowledged(DeviceKey device, String pushId);
}
