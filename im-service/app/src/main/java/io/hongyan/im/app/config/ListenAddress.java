package io.hongyan.im.app.config;

import java.util.Optional;

/**
 * An address to listen on.
 *
 * @param host an address or name of this machine, empty = does not listen
 * @param port 0 = any free one
 */
public record ListenAddress(String host, int port) {
    /** Does not listen. */
    public static final ListenAddress OFF = new ListenAddress("", 0);

    private static final String OFF_WORD = "off";
    private static final int PORT_MAX = 65_535;

    /**
     * Reads {@code host:port}, {@code [address]:port} or {@code off}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static ListenAddress parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException("takes HOST:PORT or off, not '" + text + "'"));
    }

    /** The same; empty for anything else. */
    public static Optional<ListenAddress> find(String text) {
        if (text.equals(OFF_WORD)) {
            return Optional.of(OFF);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        return find(host, text.substring(colon + 1));
    }

    private static Optional<ListenAddress> find(String host, String port) {
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > PORT_MAX) {
            return Optional.empty();
        }
        return Optional.of(new ListenAddress(host, Integer.parseInt(port)));
    }

    public boolean isOff() {
        return host.isEmpty();
    }

    /** Whether only programs on this machine can reach it, as far as the text of the host shows. */
    public boolean isLoopback() {
        return isOff()
                || host.equals("localhost")
                || host.equals("::1")
                || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
    }

    @Override
    public String toString() {
        if (isOff()) {
            return OFF_WORD;
        }
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
}
