package io.hongyan.im.adapter.http;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.send.ChangeMessage;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.SendOrigin;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.ErrorCode;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of messages that business lines make as the system, without limits of time. Each leaves a line in the log that
 * says who asked for it.
 */
public final class MessageRoutes implements Routes {
    private static final String NAME = "[A-Za-z0-9_.@-]{1," + ClientId.NAME_MAX + '}';
    /** Of a path: as the feed names conversations. */
    static final String CONVERSATION = "^(direct:" + NAME + "[|]" + NAME + "|group:" + NAME + ")$";
    /** Of a path. */
    static final String SEQ = "^[1-9][0-9]{0,17}$";

    private static final Logger AUDIT = LoggerFactory.getLogger("hongyan.audit");
    private static final String MESSAGE = "/v1/conversations/{conversation}/messages/{seq}";
    private static final Pattern CONVERSATION_FORM = Pattern.compile(CONVERSATION);
    private static final Pattern SEQ_FORM = Pattern.compile(SEQ);
    private static final String DIRECT = "direct:";
    private static final String GROUP = "group:";

    private final Supplier<ChangeMessage> changeMessage;

    record PinMessage(
            @Described("Whether the message is to be pinned; false = unpin it.")
            Boolean pinned) {}

    record MessageChanged(
            @Described("The number of this change in the conversation; 0 = nothing had to change.")
            long seq) {}

    /** @param changeMessage asked for once the API is open */
    public MessageRoutes(Supplier<ChangeMessage> changeMessage) {
        this.changeMessage = changeMessage;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                change("recallMessage", HttpMethod.POST, "/recall", "Recalls a message: erases it, for everybody."),
                request -> change(request, "recalled", new MessageChange.Recalled(seq(request))));
        table.add(
                change("pinMessage", HttpMethod.PUT, "/pin", "Pins a message for everybody, or unpins it.")
                        .takes(PinMessage.class)
                        .refuses(ErrorCode.LIMIT_REACHED),
                this::pin);
    }

    private static Operation change(String id, HttpMethod method, String what, String summary) {
        return Operation.change(id, method, MESSAGE + what, summary)
                .by(Access.business(HttpScope.MESSAGES))
                .gives(HttpResponseStatus.OK, MessageChanged.class)
                .refuses(ErrorCode.UNKNOWN_CONVERSATION, ErrorCode.UNKNOWN_MESSAGE, ErrorCode.DISSOLVED);
    }

    private CompletionStage<Reply> pin(ApiRequest request) {
        boolean pinned = request.body(PinMessage.class).pinned();
        return change(request, pinned ? "pinned" : "unpinned", new MessageChange.Pinned(seq(request), pinned));
    }

    private CompletionStage<Reply> change(ApiRequest request, String done, MessageChange.Asked change) {
        Conversation conversation = conversation(request.path("conversation"));
        return changeMessage
                .get()
                .change(SendOrigin.server(), request.caller().actor(), conversation, request.requestId(), change)
                .thenApply(outcome -> {
                    if (outcome instanceof SendOutcome.Refused refused) {
                        throw Problem.of(refused.refusal());
                    }
                    AUDIT.info(
                            "{} {} message {} of {}",
                            request.caller().name(),
                            done,
                            change.targetSeq(),
                            request.path("conversation"));
                    return new Reply(
                            new MessageChanged(outcome instanceof SendOutcome.Stored stored ? stored.seq() : 0));
                });
    }

    private static Conversation conversation(String key) {
        Matcher form = CONVERSATION_FORM.matcher(key);
        if (!form.matches()) {
            throw Problem.malformed(
                    "The conversation takes direct:UID|UID or group:ID, as the key of an event of the feed.");
        }
        if (key.startsWith(GROUP)) {
            return Conversation.group(key.substring(GROUP.length()));
        }
        int middle = key.indexOf('|');
        return Conversation.direct(key.substring(DIRECT.length(), middle), key.substring(middle + 1));
    }

    private static long seq(ApiRequest request) {
        String seq = request.path("seq");
        if (!SEQ_FORM.matcher(seq).matches()) {
            throw Problem.malformed("The number of a message is a whole number from 1.");
        }
        return Long.parseLong(seq);
    }
}
