package io.hongyan.im.adapter.http;

import io.hongyan.im.core.push.PushCounts;
import io.hongyan.im.core.push.PushState;
import io.hongyan.protocol.v1.Content;
import java.util.List;

/** Bodies of requests and answers about pushes. */
final class PushBodies {
    private static final String STORE = "STORE";
    private static final String ONLINE_ONLY = "ONLINE_ONLY";
    private static final String OPEN = "OPEN";
    private static final String FINISHED = "FINISHED";

    private PushBodies() {}

    record SubmitPush(
            @Described(
                    value = "The id of the push, 1-64 printable ASCII characters; if missing, the Idempotency-Key.",
                    optional = true)
            String pushId,

            @Described("The channel under which users see it: 1-64 letters, digits and _ . @ - only.")
            String channel,

            @Described(value = "The recipients.", optional = true)
            List<String> to,

            @Described(value = "true = all users, instead of the field to.", optional = true)
            Boolean everybody,

            @Described(
                    value = "STORE = a message in each inbox, ONLINE_ONLY = a notice for connected devices; STORE if"
                            + " missing.",
                    optional = true,
                    oneOf = {STORE, ONLINE_ONLY})
            String mode,

            @Described("The content, for example {\"text\":{\"text\":\"...\"}}.")
            Content content) {}

    record Push(
            @Described("The id of the push.") String pushId,

            @Described("The channel under which users see it.")
            String channel,

            @Described(
                    value = "The mode with which it was submitted.",
                    oneOf = {STORE, ONLINE_ONLY})
            String mode,

            @Described(
                    value = "OPEN, or FINISHED when all users have been handled.",
                    oneOf = {OPEN, FINISHED})
            String state,

            @Described("Users handled so far.") long recipients,

            @Described("Users who have it in their inbox.") long stored,

            @Described("Users to whom a notice was sent.") long online,

            @Described("Users with no device that was online and subscribed to notices.")
            long offline,

            @Described("Users who do not exist.") long unknown,

            @Described("The first of the offline users, up to a limit of the server.")
            List<String> offlineUids,

            @Described("The first of the users who do not exist, up to a limit of the server.")
            List<String> unknownUids,

            @Described("When it was submitted, in milliseconds since 1970-01-01 UTC.")
            long submittedAt,

            @Described(
                    value = "When all users had been handled, in milliseconds since 1970-01-01 UTC.",
                    optional = true)
            Long finishedAt) {

        static Push of(PushState state) {
            PushCounts counts = state.counts();
            return new Push(
                    state.pushId(),
                    state.channel(),
                    state.mode().name(),
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
