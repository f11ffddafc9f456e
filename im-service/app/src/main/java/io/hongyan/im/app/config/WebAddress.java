package io.hongyan.im.app.config;

import java.net.URI;
import java.util.Set;

/** URLs that secrets are sent to, or keys are believed from. */
final class WebAddress {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    private WebAddress() {}

    /** Whether nobody on the way can read or change what goes over it. */
    static boolean isSafe(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && ("https".equals(uri.getScheme())
                            || "http".equals(uri.getScheme()) && THIS_MACHINE.contains(uri.getHost()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
