package io.hongyan.im.core.session;

import java.util.concurrent.CompletionStage;

/** Says whose a token is. Safe for many threads; never blocks the caller. */
public interface TokenVerifier {
    /**
     * @param token as the client sent it, not trusted
     * @return never null; completes exceptionally only where it cannot be told now, as when a sign-on service is down
     */
    CompletionStage<TokenVerdict> verify(String token);

    /**
     * The same, without what was found out in that second or before: tokens were revoked then.
     *
     * @param second Unix time
     */
    default CompletionStage<TokenVerdict> verifyAgain(String token, long second) {
        return verify(token);
    }
}
