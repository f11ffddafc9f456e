package io.hongyan.im.adapter.http;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.core.push.Push;
import io.hongyan.im.core.push.PushMode;
import io.hongyan.im.core.push.SubmitPush;
import io.hongyan.im.core.push.SubmitPush.Outcome;
import io.hongyan.protocol.ContentCheck;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Content;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Pushes of business lines: submitted, and looked at. */
public final class PushRoutes implements Routes {
    private static final String PUSH = "/v1/push";

    private final Supplier<SubmitPush> submitPush;

    /** @param submitPush asked for once the API is open */
    public PushRoutes(Supplier<SubmitPush> submitPush) {
        this.submitPush = submitPush;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                Operation.change(
                                "submitPush",
                                HttpMethod.POST,
                                PUSH,
                                "Pushes to one, many or all users; the answer comes when the push is stored as a job.")
                        .by(Access.business(HttpScope.PUSH))
                        .takes(PushBodies.SubmitPush.class)
                        .gives(HttpResponseStatus.ACCEPTED, PushBodies.Push.class)
                        .refuses(ErrorCode.EXISTS),
                this::submit);
        table.add(
                Operation.get("getPush", PUSH + "/{push_id}", "Shows the progress of a push.")
                        .by(Access.business(HttpScope.PUSH))
                        .gives(HttpResponseStatus.OK, PushBodies.Push.class)
                        .refuses(ErrorCode.UNKNOWN_CONVERSATION),
                this::find);
    }

    private CompletionStage<Reply> submit(ApiRequest request) {
        PushBodies.SubmitPush body = request.body(PushBodies.SubmitPush.class);
        boolean everybody = Boolean.TRUE.equals(body.everybody());
        if (everybody == (body.to() != null)) {
            throw Problem.malformed("Give either the field to, or everybody: true.");
        }
        List<String> recipients = everybody ? null : body.to();
        String pushId = body.pushId() == null ? request.requestId() : body.pushId();
        Push push = new Push(pushId, body.channel(), recipients, mode(body.mode()), content(body.content()));
        return submitPush.get().submit(push).thenApply(outcome -> {
            if (outcome instanceof Outcome.Refused refused) {
                throw new Problem(ErrorCode.valueOf(refused.refusal().name()), refused.detail());
            }
            return new Reply(PushBodies.Push.of(((Outcome.Accepted) outcome).state()));
        });
    }

    private static PushMode mode(String name) {
        return name == null ? PushMode.STORE : PushMode.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static byte[] content(Content content) {
        byte[] encoded = content.toByteArray();
        if (encoded.length == 0) {
            throw Problem.malformed("The field content is empty.");
        }
        try {
            if (ContentCheck.check(encoded) == ContentCheck.BY_SERVER) {
                throw new Problem(
                        ErrorCode.NOT_ALLOWED, "The content contains something that only the server may" + " write.");
            }
        } catch (InvalidProtocolBufferException fault) {
            throw Problem.malformed(fault.getMessage());
        }
        return encoded;
    }

    private CompletionStage<Reply> find(ApiRequest request) {
        String pushId = request.path("push_id");
        return submitPush
                .get()
                .find(pushId)
                .thenApply(found -> new Reply(PushBodies.Push.of(found.orElseThrow(
                        () -> new Problem(ErrorCode.UNKNOWN_CONVERSATION, "There is no push with this id.")))));
    }
}
