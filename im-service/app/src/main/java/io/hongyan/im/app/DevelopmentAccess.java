package io.hongyan.im.app;

import io.hongyan.im.adapter.auth.TokenIssuer;
import io.hongyan.im.adapter.http.DevelopmentTokens;
import io.hongyan.im.core.session.Users;

/** Issues development tokens once the parts it needs are available. */
final class DevelopmentAccess implements DevelopmentTokens {
    private volatile Open open;

    private record Open(TokenIssuer tokens, Users users) {}

    void open(TokenIssuer tokens, Users users) {
        open = new Open(tokens, users);
    }

    @Override
    public String issue(String uid, String device, String platform, long ttlSeconds) {
        Open parts = open;
        if (parts == null) {
            throw new IllegalStateException("the server is still starting");
        }
        parts.users.ensure(uid);
        return parts.tokens.issue(uid, device, platform, ttlSeconds);
    }
}
