package io.hongyan.im.adapter.auth;

import java.net.URI;

/**
 * How the company's sign-on service is asked about tokens.
 *
 * @param secret sent as {@code Authorization: Bearer}, null = nothing is
 * @param answerMillisMax how long an answer may take
 * @param requestsMax on their way at the same time; above that a login is refused as the service being unavailable
 * @param cachedMax answers remembered
 * @param cachedMillis for how long a good one is
 */
public record OpaqueSettings(
        URI url, String secret, long answerMillisMax, int requestsMax, int cachedMax, long cachedMillis) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "OpaqueSettings[" + url + "]";
    }
}
