package io.hongyan.im.core.send;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores a message and has it delivered. */
public final class SendMessage {
    /** Characters of a client message id. */
    public static final int CLIENT_MESSAGE_ID_MAX = 64;

    private final GatedDrafts drafts;
    private final int contentBytesMax;
    private final SendCounters counters;

    public SendMessage(Drafts drafts, FanOutBacklog backlog, int contentBytesMax, SendCounters counters) {
        this.drafts = new GatedDrafts(drafts, backlog, counters);
        this.contentBytesMax = contentBytesMax;
        this.counters = counters;
    }

    /**
     * Sends in the order of the calls for one origin. Does not block.
     *
     * @param clientMessageId the sender's name for the message; sending the same one again returns the first answer
     * @param content taken over by the callee
     * @param quotedSeq number of the message of this conversation that the content answers with an excerpt, 0 = none
     * @return completes on the lane's thread, or at once for what needs no storage, or later where too many entries of
     *     the group or the sender wait to come to inboxes; exceptionally where it is not
     *     certain that the message is stored: it must not be acknowledged and the connection must be closed
     */
    public CompletionStage<SendOutcome> send(
            SendOrigin origin,
            DeviceKey sender,
            Conversation conversation,
            String clientMessageId,
            byte[] content,
            long quotedSeq) {
        if (conversation.kind() != Conversation.Kind.DIRECT && conversation.kind() != Conversation.Kind.GROUP) {
            return refused(Refusal.UNKNOWN_CONVERSATION);
        }
        if (!isClientMessageId(clientMessageId) || content.length == 0) {
            return refused(Refusal.MALFORMED);
        }
        if (content.length > contentBytesMax) {
            return refused(Refusal.TOO_LARGE);
        }
        return drafts.submit(
                new Draft(conversation, sender.uid(), sender.device(), clientMessageId, content, null, null, quotedSeq),
                origin);
    }

    static boolean isClientMessageId(String id) {
        if (id.isEmpty() || id.length() > CLIENT_MESSAGE_ID_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) < 0x21 || id.charAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private CompletionStage<SendOutcome> refused(Refusal refusal) {
        counters.increment(SendCounter.SENDS_REFUSED);
        return CompletableFuture.completedFuture(new SendOutcome.Refused(refusal));
    }
}
