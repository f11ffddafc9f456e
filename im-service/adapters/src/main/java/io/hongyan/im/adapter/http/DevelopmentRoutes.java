package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.ApiRequest.Names;
import io.hongyan.im.core.message.BlockingWork;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.CompletionStage;

/** Tokens for development. */
public final class DevelopmentRoutes implements Routes {
    /** For how long a development token may be good: ten years. */
    static final long TTL_SECONDS_MAX = 10L * 365 * 86_400;

    private static final long TTL_SECONDS_DEFAULT = 30L * 86_400;

    private final DevelopmentTokens tokens;
    private final BlockingWork work;

    public DevelopmentRoutes(DevelopmentTokens tokens, BlockingWork work) {
        this.tokens = tokens;
        this.work = work;
    }

    @Override
    public void addTo(RouteTable table) {
        table.add(
                Operation.change(
                                "issueDevelopmentToken",
                                HttpMethod.POST,
                                "/v1/dev/token",
                                "Returns a login token for any user, as plain text.")
                        .takesQuery("uid", "string", "The user; created if needed.")
                        .takesQuery("dev", "string", "The device name to which the token is bound.")
                        .takesQuery("plt", "string", "The platform to which the token is bound.")
                        .takesQuery(
                                "ttl_seconds",
                                "integer",
                                "How many seconds the token is valid; 30 days by" + " default."),
                this::issue);
    }

    private CompletionStage<Reply> issue(ApiRequest request) {
        String uid = Names.check("The parameter uid", request.query("uid"));
        String device = optionalName(request, "dev");
        String platform = optionalName(request, "plt");
        long ttlSeconds = request.number("ttl_seconds", 1, TTL_SECONDS_MAX, TTL_SECONDS_DEFAULT);
        // The token alone, so that a shell can use the answer as it comes.
        return work.submit(() -> new Reply(tokens.issue(uid, device, platform, ttlSeconds)));
    }

    private static String optionalName(ApiRequest request, String parameter) {
        String value = request.query(parameter);
        return value == null ? null : Names.check("The parameter " + parameter, value);
    }
}
