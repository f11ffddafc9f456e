package io.hongyan.im.core.push;

import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.push.Pushes.Submitted;
import io.hongyan.metrics.Counters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Takes pushes of business lines, and says what has become of them. */
public final class SubmitPush {
    private static final Pattern PUSH_ID = Pattern.compile("[\\x21-\\x7e]{1,64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@-]{1,64}");

    private final Pushes pushes;
    private final BlockingWork blocking;
    private final InstantSource clock;
    private final PushLimits limits;
    private final Counters<PushCounter> counters;
    private final Runnable wake;

    /** @param wake called when there is something to carry out */
    public SubmitPush(
            Pushes pushes,
            BlockingWork blocking,
            InstantSource clock,
            PushLimits limits,
            Counters<PushCounter> counters,
            Runnable wake) {
        this.pushes = pushes;
        this.blocking = blocking;
        this.clock = clock;
        this.limits = limits;
        this.counters = counters;
        this.wake = wake;
    }

    /** The answer to a submission. */
    public sealed interface Outcome {
        /** The job is durable and will be carried out, or is already; of one submitted before, its state now. */
        record Accepted(PushState state) implements Outcome {}

        /**
         * MALFORMED, TOO_LARGE, EXISTS (another push has this id) or RATE_LIMITED (too many pushes are open).
         *
         * @param detail one sentence for whoever asked
         */
        record Refused(Refusal refusal, String detail) implements Outcome {}
    }

    /** Completes exceptionally where it is not certain whether it was taken: submitting it again is harmless. */
    public CompletionStage<Outcome> submit(Push given) {
        Push push = given.forEverybody() ? given : withoutRepeats(given);
        Outcome.Refused fault = fault(push);
        if (fault != null) {
            counters.increment(PushCounter.REFUSED);
            return CompletableFuture.completedFuture(fault);
        }
        byte[] digest = digest(push);
        return blocking.submit(() -> answer(pushes.submit(push, digest, clock.millis(), limits.openMax())));
    }

    /** What has become of a push; empty where there is none of this id, or it was finished long ago. */
    public CompletionStage<Optional<PushState>> find(String pushId) {
        return blocking.submit(() -> pushes.find(pushId));
    }

    private Outcome answer(Submitted submitted) {
        if (submitted instanceof Submitted.Accepted accepted) {
            counters.increment(accepted.known() ? PushCounter.REPEATED : PushCounter.SUBMITTED);
            if (!accepted.state().finished()) {
                wake.run();
            }
            return new Outcome.Accepted(accepted.state());
        }
        counters.increment(PushCounter.REFUSED);
        return submitted instanceof Submitted.OtherPush
                ? new Outcome.Refused(Refusal.EXISTS, "There is another push of this id.")
                : new Outcome.Refused(Refusal.RATE_LIMITED, "There are " + limits.openMax() + " open pushes already.");
    }

    static boolean isPushId(String text) {
        return PUSH_ID.matcher(text).matches();
    }

    private static Push withoutRepeats(Push push) {
        List<String> once = List.copyOf(new LinkedHashSet<>(push.recipients()));
        return new Push(push.pushId(), push.channel(), once, push.mode(), push.content());
    }

    /** Null where it is well formed. */
    private Outcome.Refused fault(Push push) {
        if (!isPushId(push.pushId())) {
            return malformed("A push id has 1-64 printable ASCII characters without spaces.");
        }
        if (!NAME.matcher(push.channel()).matches()) {
            return malformed("A channel has 1-64 letters, digits and _ . @ - only.");
        }
        if (push.content().length > limits.contentBytesMax()) {
            return tooLarge("The content may have at most " + limits.contentBytesMax() + " bytes.");
        }
        if (push.forEverybody()) {
            return null;
        }
        if (push.recipients().isEmpty()) {
            return malformed("Name at least one user.");
        }
        if (push.recipients().size() > limits.recipientsMax()) {
            return tooLarge("A push may name at most " + limits.recipientsMax() + " users.");
        }
        return push.recipients().stream().allMatch(uid -> NAME.matcher(uid).matches())
                ? null
                : malformed("A uid has 1-64 letters, digits and _ . @ - only.");
    }

    private static Outcome.Refused malformed(String detail) {
        return new Outcome.Refused(Refusal.MALFORMED, detail);
    }

    private static Outcome.Refused tooLarge(String detail) {
        return new Outcome.Refused(Refusal.TOO_LARGE, detail);
    }

    /** Everything but the id; each part has an end of its own. */
    private static byte[] digest(Push push) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String head = push.channel()
                    + '\n'
                    + push.mode()
                    + '\n'
                    + (push.forEverybody() ? "*" : String.join(",", push.recipients()))
                    + '\n';
            byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
            return digest.digest(push.content());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
