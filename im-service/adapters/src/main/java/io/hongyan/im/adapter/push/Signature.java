package io.hongyan.im.adapter.push;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proves to the receiver that a request is ours and new: HMAC-SHA256 (RFC 2104) of time and body. */
final class Signature {
    static final String TIMESTAMP_HEADER = "Hongyan-Timestamp";
    static final String SIGNATURE_HEADER = "Hongyan-Signature";

    /** So that another algorithm can come later. */
    private static final String VERSION = "v1=";

    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /** @return {@code v1=} and the hexadecimal HMAC of: timestamp in decimal digits, a full stop, the body */
    static String of(byte[] secret, long timestampMillis, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update((timestampMillis + ".").getBytes(StandardCharsets.US_ASCII));
            return VERSION + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }
}
