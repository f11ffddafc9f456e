package io.hongyan.im.adapter.http;

import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushState;
import io.hongyan.protocol.v1.Content;
import java.util.List;
import java.util.Locale;

/** Bodies of requests and answers about pushes. */
final class PushBodies {
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
                            "store (a message in each inbox) or online_only (a notice for those who are connected); store where it is missing.",
                    optional = true)
            String mode,

            @Described("A Content of the client contract in JSON, for example {\"text\":{\"text\":\"...\"}}.")
            Content content) {}

    record Push(
            @Described("Its name.") String pushId,

            @Described("What users are shown it under.") String channel,

            @Described("store or online_only.") String mode,

            @Described("open or finished.") String state,

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
                    state.finished() ? "finished" : "open",
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
