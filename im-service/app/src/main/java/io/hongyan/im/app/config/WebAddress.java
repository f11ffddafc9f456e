package io.hongyan.im.app.config;

import java.net.URI;
import java.util.Set;

/** URLs to which secrets are sent, or from which keys are accepted. */
final class WebAddress {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    private WebAddress() {}

    /** Whether nobody on the network can read or change its traffic. */
    static boolean isSafe(String url) {
        return WebUrl.fits(url, "https")
                || WebUrl.fits(url, "http")
                        && THIS_MACHINE.contains(URI.create(url).getHost());
    }
}
