package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Recalls and edits messages, pins them and reacts to them: every change is an entry of their conversation's log. Any thread. */
public final class ChangeMessage {
    /** Bytes of a reaction. */
    public static final int EMOJI_BYTES_MAX = 64;

    private final GatedDrafts drafts;
    private final MessageContents contents;
    private final int contentBytesMax;
    private final SendCounters counters;

    ChangeMessage(GatedDrafts drafts, MessageContents contents, int contentBytesMax, SendCounters counters) {
        this.drafts = drafts;
        this.contents = contents;
        this.contentBytesMax = contentBytesMax;
        this.counters = counters;
    }

    /**
     * Does not block.
     *
     * @param origin {@link SendOrigin#call}
     * @param clientMessageId the user's name for the change, as for a message: the same one again gets the first answer
     * @param change the content of an edit is checked as that of a message is
     * @return completes once the change is stored or refused; exceptionally where neither is certain: asking again with
     *     the same id is harmless
     */
    public CompletionStage<SendOutcome> change(
            SendOrigin origin,
            DeviceKey actor,
            Conversation conversation,
            String clientMessageId,
            MessageChange.Asked change) {
        Refusal refusal = refusalOf(conversation, clientMessageId, change);
        if (refusal != null) {
            counters.increment(SendCounter.SENDS_REFUSED);
            SendOutcome refused = new SendOutcome.Refused(refusal);
            counters.changes.answered(change, refused);
            return CompletableFuture.completedFuture(refused);
        }
        long quoted = change instanceof MessageChange.Edited edited ? edited.quotedSeq() : 0;
        Draft draft = new Draft(
                conversation,
                actor.uid(),
                actor.device(),
                clientMessageId,
                contents.encode(change),
                null,
                change,
                quoted);
        return drafts.submit(draft, origin).thenApply(outcome -> {
            counters.changes.answered(change, outcome);
            return outcome;
        });
    }

    private Refusal refusalOf(Conversation conversation, String clientMessageId, MessageChange.Asked change) {
        if (conversation.kind() != Conversation.Kind.DIRECT && conversation.kind() != Conversation.Kind.GROUP) {
            return Refusal.UNKNOWN_CONVERSATION;
        }
        if (!SendMessage.isClientMessageId(clientMessageId) || change.targetSeq() < 1) {
            return Refusal.MALFORMED;
        }
        if (change instanceof MessageChange.Reacted reacted) {
            int bytes = reacted.emoji().getBytes(StandardCharsets.UTF_8).length;
            return bytes < 1 || bytes > EMOJI_BYTES_MAX ? Refusal.MALFORMED : null;
        }
        if (change instanceof MessageChange.Edited edited) {
            int bytes = edited.content().length;
            return bytes == 0 ? Refusal.MALFORMED : bytes > contentBytesMax ? Refusal.TOO_LARGE : null;
        }
        return null;
    }
}
