package io.hongyan.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;

/** The public keys of a sign-on that signs no token of this run: an RSA key and one of P-256. */
public final class SignOnKeys {
    private static final int RSA_BITS = 2_048;
    private static final int COORDINATE_BYTES = 32;

    private SignOnKeys() {}

    /**
     * Writes them as a JSON Web Key Set.
     *
     * @return the settings of a server that takes tokens signed by them, beside its own
     */
    public static Map<String, String> prepare(Path directory) {
        try {
            KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
            curve.initialize(new ECGenParameterSpec("secp256r1"));
            ECPublicKey point = (ECPublicKey) curve.generateKeyPair().getPublic();
            KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
            rsa.initialize(RSA_BITS);
            RSAPublicKey modulus = (RSAPublicKey) rsa.generateKeyPair().getPublic();
            String keys = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\",\"x\":\""
                    + number(point.getW().getAffineX(), COORDINATE_BYTES)
                    + "\",\"y\":\""
                    + number(point.getW().getAffineY(), COORDINATE_BYTES)
                    + "\"},{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\""
                    + number(modulus.getModulus(), RSA_BITS / 8)
                    + "\",\"e\":\""
                    + number(modulus.getPublicExponent(), 3)
                    + "\"}]}";
            Files.createDirectories(directory);
            Path file = Files.writeString(directory.resolve("jwks.json"), keys);
            return Map.of("tokens.jwks.source", file.toAbsolutePath().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Big-endian, with so many bytes. */
    private static String number(BigInteger value, int bytes) {
        byte[] digits = new byte[bytes];
        byte[] signed = value.toByteArray();
        int length = Math.min(bytes, signed.length);
        System.arraycopy(signed, signed.length - length, digits, bytes - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digits);
    }
}
