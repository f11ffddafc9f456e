package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StorageException;
import java.util.concurrent.CompletionStage;

/** Takes drafts that are to be stored and delivered, in the order of the calls for one origin. Any thread; does not block. */
@FunctionalInterface
public interface Drafts {
    /**
     * Hands in a draft. The stage completes on the lane's thread once the draft is stored or refused, with {@link
     * Refusal#INTERNAL_ERROR} where it alone cannot be stored; exceptionally, with a {@link StorageException}, if neither
     * is certain: then nothing may be acknowledged, and the connection must be closed.
     */
    CompletionStage<SendOutcome> submit(Draft draft, SendOrigin origin);
}
