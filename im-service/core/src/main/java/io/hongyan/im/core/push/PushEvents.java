package io.hongyan.im.core.push;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import java.util.List;
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
        public CompletionStage<Void> unreached(String pushId, List<String> offline, List<String> unknown) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> refused(String pushId, Refusal refusal, String detail, String messageId) {
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

    /**
     * Some of those gone through were not reached.
     *
     * @param offline uids of users who took no notice
     * @param unknown uids of nobody
     * @return as above
     */
    CompletionStage<Void> unreached(String pushId, List<String> offline, List<String> unknown);

    /**
     * A push is refused whose author cannot be answered.
     *
     * @param pushId empty where it could not be read
     * @param detail one sentence
     * @param messageId what the queue it came by calls it
     * @return as above
     */
    CompletionStage<Void> refused(String pushId, Refusal refusal, String detail, String messageId);

    /** A device has acknowledged a stored push; best effort where too much waits. */
    void acknowledged(DeviceKey device, String pushId);
}
