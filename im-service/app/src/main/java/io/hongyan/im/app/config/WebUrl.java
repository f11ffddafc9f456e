package io.hongyan.im.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Checks URLs in settings: they must be usable as they are. */
final class WebUrl {
    private static final int PORT_MAX = 65_535;

    private WebUrl() {}

    /** Whether it has one of the schemes, a host, a valid port (or none), and neither user nor fragment. */
    static boolean fits(String text, String... schemes) {
        try {
            URI url = new URI(text);
            return url.getScheme() != null
                    && List.of(schemes).contains(url.getScheme())
                    && url.getHost() != null
                    && url.getPort() <= PORT_MAX
                    && url.getPort() != 0
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null;
        } catch (URISyntaxException none) {
            return false;
        }
    }

    /** The same, with a port and without anything after it. */
    static boolean fitsWithPortAlone(String text, String... schemes) {
        return fits(text, schemes)
                && URI.create(text).getPort() > 0
                && URI.create(text).getRawPath().isEmpty()
                && URI.create(text).getRawQuery() == null;
    }
}
