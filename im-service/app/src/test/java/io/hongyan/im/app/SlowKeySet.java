package io.hongyan.im.app;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;

/** The keys of an issuer: a good one, and many with large exponents, so that a token takes long to check. */
final class SlowKeySet {
    private static final int SLOW_KEYS = 20;
    private static final int SLOW_BITS = 3_072;
    private static final int GOOD_BITS = 2_048;

    private final Random random = new Random(11);
    private final KeyPair good;

    SlowKeySet() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(GOOD_BITS);
        good = generator.generateKeyPair();
    }

    /** As JSON (RFC 7517). */
    String text() {
        RSAPublicKey key = (RSAPublicKey) good.getPublic();
        StringBuilder keys = new StringBuilder(jwk("good", key.getModulus(), key.getPublicExponent()));
        for (int i = 0; i < SLOW_KEYS; i++) {
            BigInteger modulus = number(SLOW_BITS);
            keys.append(',').append(jwk("slow", modulus, number(SLOW_BITS).mod(modulus)));
        }
        return "{\"keys\":[" + keys + "]}";
    }

    /** Has so many bits, and is odd. */
    private BigInteger number(int bits) {
        return new BigInteger(bits, random).setBit(bits - 1).setBit(0);
    }

    private static String jwk(String kid, BigInteger modulus, BigInteger exponent) {
        return "{\"kty\":\"RSA\",\"kid\":\"" + kid + "\",\"n\":\"" + base64(unsigned(modulus)) + "\",\"e\":\""
                + base64(unsigned(exponent)) + "\"}";
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    /** A token that no key has signed, which only the last slow one shows. */
    String junk(String uid) {
        byte[] signature = new byte[SLOW_BITS / Byte.SIZE];
        random.nextBytes(signature);
        signature[0] = 0;
        return content("slow", uid) + '.' + base64(signature);
    }

    String good(String uid) throws GeneralSecurityException {
        String content = content("good", uid);
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(good.getPrivate());
        signer.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + '.' + base64(signer.sign());
    }

    private static String content(String kid, String uid) {
        long now = Instant.now().getEpochSecond();
        return base64(("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}").getBytes(StandardCharsets.UTF_8))
                + '.'
                + base64(("{\"sub\":\"" + uid + "\",\"iat\":" + now + ",\"exp\":" + (now + 3_600) + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
