package io.hongyan.im.core.push;

import io.hongyan.im.core.message.SendOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Some recipients of a push on their way through the lane.
 *
 * @param nextPlace where the job goes on after them
 * @param outcomes one per uid, in order
 */
record PushPage(PushJob job, List<String> uids, long nextPlace, List<CompletableFuture<SendOutcome>> outcomes) {
    boolean done() {
        return outcomes.stream().allMatch(CompletableFuture::isDone);
    }

    boolean failed() {
        return outcomes.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    /** Once it is done and has not failed. */
    PushCounts counts() {
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < uids.size(); i++) {
            if (outcome(outcomes.get(i)) instanceof SendOutcome.Refused) {
                unknown.add(uids.get(i));
            }
        }
        return new PushCounts(uids.size(), uids.size() - unknown.size(), 0, 0, unknown.size(), List.of(), unknown);
    }

    private static SendOutcome outcome(CompletableFuture<SendOutcome> done) {
        try {
            return done.join();
        } catch (CompletionException trouble) {
            throw new IllegalStateException("asked for a page that has failed", trouble);
        }
    }
}
