package io.hongyan.broker.server.listen;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A range of addresses in CIDR notation, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; without a length one address.
 *
 * @param bits of the address that count
 */
public record Network(InetAddress address, int bits) {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");

    /** @throws IllegalArgumentException the text is no such range */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        String length = slash < 0 ? "" : text.substring(slash + 1);
        // Numbers only: a name would be resolved by DNS.
        InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address);
        if (parsed == null || slash >= 0 && !LENGTH.matcher(length).matches()) {
            throw none(text);
        }
        int bitsMax = parsed.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? bitsMax : Integer.parseInt(length);
        if (bits > bitsMax) {
            throw none(text);
        }
        return new Network(parsed, bits);
    }

    private static IllegalArgumentException none(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not a network such as 10.0.0.0/8 or 2001:db8::/32, and not an address");
    }

    public boolean contains(InetAddress candidate) {
        byte[] own = address.getAddress();
        byte[] other = candidate.getAddress();
        if (own.length != other.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (own[i] != other[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((own[whole] ^ other[whole]) & 0xFF) >>> Byte.SIZE - rest == 0;
    }

    /** Whether one of them contains it. */
    public static boolean holds(List<Network> networks, InetAddress candidate) {
        for (Network network : networks) {
            if (network.contains(candidate)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + '/' + bits;
    }
}
