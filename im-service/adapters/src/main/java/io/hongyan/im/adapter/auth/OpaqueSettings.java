package io.hongyan.im.adapter.auth;

import java.net.URI;

/**
 * How the company's sign-on service is asked about tokens.
 *
 * @param secret sent as {@code Authorization: Bearer}, null = none
 */
public record OpaqueSettings(URI url, String secret, OpaqueLimits limits) {
    /** Without what may be secret. */
    @Override
    public String toString() {
        return "OpaqueSettings[" + url.getHost() + "]";
    }
}
