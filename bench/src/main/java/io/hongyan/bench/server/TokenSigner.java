package io.hongyan.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs login tokens (JWT, HS256) with a server's secret: a few microseconds each, for tens of thousands of clients. */
public final class TokenSigner {
    /** The file in the data directory with the secret. */
    static final String SECRET_FILE = "token-secret";

    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final String HEAD = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    private static final long VALID_SECONDS = 24 * 3600;

    private final SecretKeySpec key;
    private final long nowSeconds;

    /** @param nowSeconds the time of issue, in seconds since 1970 */
    public TokenSigner(byte[] secret, long nowSeconds) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
        this.nowSeconds = nowSeconds;
    }

    /** Reads the secret from the file that the server keeps it in: base64url text. */
    public static TokenSigner fromFile(Path secretFile, long nowSeconds) {
        try {
            String text =
                    Files.readString(secretFile, StandardCharsets.US_ASCII).trim();
            return new TokenSigner(Base64.getUrlDecoder().decode(text), nowSeconds);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the token secret", e);
        }
    }

    /** A token for that user, valid for a day. */
    public String token(String uid) {
        return token(uid, nowSeconds);
    }

    /** The same, issued then. */
    public String token(String uid, long issuedAtSeconds) {
        String signed = HEAD
                + '.'
                + encoded("{\"sub\":\"" + uid + "\",\"iat\":" + issuedAtSeconds + ",\"exp\":"
                        + (issuedAtSeconds + VALID_SECONDS) + "}");
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return signed + '.' + URL.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
