package io.hongyan.bench.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Tokens that look right and are not. */
final class Tokens {
    private static final int ES256_BYTES = 64;
    private static final int HS256_BYTES = 32;
    private static final int RSA_BYTES = 256;
    private static final int UNKNOWN_KEYS = 10;

    private Tokens() {}

    /**
     * With a random signature, which costs the server as much as a good one; every tenth names a key that does not exist.
     *
     * @param algorithm HS256, ES256 or RS256
     * @param number tokens with different numbers are different
     */
    static String forged(String algorithm, int number) {
        String key = number % UNKNOWN_KEYS == 0 ? ",\"kid\":\"k" + number + "\"" : "";
        int bytes = switch (algorithm) {
            case "ES256" -> ES256_BYTES;
            case "RS256" -> RSA_BYTES;
            default -> HS256_BYTES;
        };
        byte[] signature = Packets.random(number, bytes);
        // Below the order of the curve, and below any modulus of so many bytes.
        signature[0] &= 0x7F;
        signature[bytes / 2] &= 0x7F;
        return encoded(text("{\"alg\":\"" + algorithm + "\"" + key + "}"))
                + '.'
                + encoded(text("{\"sub\":\"a\",\"iat\":1,\"exp\":4102444800}"))
                + '.'
                + encoded(signature);
    }

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
