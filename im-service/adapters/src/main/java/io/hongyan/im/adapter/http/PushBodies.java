package io.hongyan.im.adapter.http;

import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushState;
import io.hongyan.protocol.v1.Content;
import java.util.List;
import java.util.Locale;

/** Bodies of requests and answers about pushes. */
final class PushBodies {
    private static final String STORE = "store";
    private static final String ONLINE_ONLY = "online_only";
    private static final String OPEN = "open";
    private static final String FINISHED = "finished";

    private PushBodies() {}

    record SubmitPush(
            @Described(
                    value = "Its name, 1-64 printable ASCII characters; the Idempotency-Key where it is missing.",
                    optional = true)
            String pushId,

            @Described("What users are shown it under: 1-64 letters, digits and _ . @ - only.")
            String channel,

            @Described(value = "The users it is for.", optional = true)
            List<String> to,

            @Described(value = "True instead of to: it is for all users.", optional = true)
            Boolean everybody,

            @Described(
                    value =
                            "A message in each inbox (store), or a notice for those who are connected (online_only); store where it is missing.",
                    optional = true,
                    oneOf = {STORE, ONLINE_ONLY})
            String mode,

            @Described("What is said, for example {\"text\":{\"text\":\"...\"}}.")
            Content content) {}

    record Push(
            @Described("Its name.") String pushId,

            @Described("What users are shown it under.") String channel,

            @Described(
                    value = "How it was submitted.",
                    oneOf = {STORE, ONLINE_ONLY})
            String mode,

            @Described(
                    value = "Whether all users have been gone through.",
                    oneOf = {OPEN, FINISHED})
            String state,

            @Described("Users gone through so far.") long recipients,

            @Described("Of them, those in whose inbox it stands.")
            long stored,

            @Described("Those to whom a notice was written.")
            long online,

            @Described("Those who took no notices.") long offline,

            @Described("Those who do not exist.") long unknown,

            @Described("The first of those who took no notices, up to a limit of the server.")
            List<String> offlineUids,

            @Described("The first of those who do not exist, up to a limit of the server.")
            List<String> unknownUids,

            @Described("When it was submitted, milliseconds since 1970-01-01 UTC.")
            long submittedAt,

            @Described(value = "When everybody had been gone through.", optional = true)
            Long finishedAt) {

        static Push of(PushState state) {
            PushCounts counts = state.counts();
            return new Push(
                    state.pushId(),
                    state.channel(),
                    state.mode().name().toLowerCase(Locale.ROOT),
                    state.finished() ? FINISHED : OPEN,
                    counts.recipients(),
                    counts.stored(),
                    counts.online(),
                    counts.offline(),
                    counts.unknown(),
                    counts.offlineUids(),
                    counts.unknownUids(),
                    state.submittedAtMillis(),
                    state.finished() ? state.finishedAtMillis() : null);
        }
    }
}
