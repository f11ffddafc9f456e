package io.hongyan.im.core.session;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Says whose a token is. Safe for many threads; never blocks the caller. */
public interface TokenVerifier {
    /**
     * Who has shown a token, and may be anybody: what a check costs is charged to the address.
     *
     * @param address by which limits apply
     * @param waits whether the answer is still wanted; asked from any thread
     */
    record Asker(String address, BooleanSupplier waits) {
        /** One that waits for the answer in any case. */
        public static Asker at(String address) {
            return new Asker(address, () -> true);
        }
    }

    /**
     * @param token as the client sent it, not trusted
     * @return never null; exceptionally where it cannot be told now, as when a sign-on service is down or too much of this
     *     asker is checked, and with {@link CancellationException} where the answer was not wanted any more
     */
    CompletionStage<TokenVerdict> verify(String token, Asker asker);

    /**
     * The same, without what was found out in that second or before: tokens were revoked then.
     *
     * @param second Unix time
     */
    default CompletionStage<TokenVerdict> verifyAgain(String token, long second, Asker asker) {
        return verify(token, asker);
    }
}
