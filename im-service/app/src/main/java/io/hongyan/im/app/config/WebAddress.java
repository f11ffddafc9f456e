package io.hongyan.im.app.config;

import java.net.URI;
import java.util.Set;

/** URLs that secrets are sent to, or keys are believed from. */
final class WebAddress {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    private WebAddress() {}

    /** Whether nobody on the way can read or change what goes over it. */
    static boolean isSafe(String url) {
        return WebUrl.fits(url, "https")
                || WebUrl.fits(url, "http")
                        && THIS_MACHINE.contains(URI.create(url).getHost());
    }
}
