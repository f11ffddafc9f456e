package io.hongyan.im.core.session;

import java.util.concurrent.CompletionStage;

/** Says whose a token is. Safe for many threads; never blocks the caller. */
public interface TokenVerifier {
    /**
     * @param token as the client sent it, not trusted
     * @return never null; completes exceptionally only where it cannot be told now, as when a sign-on service is down
     */
    CompletionStage<TokenVerdict> verify(String token);
}
