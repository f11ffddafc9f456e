package io.hongyan.runtime.pem;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an unencrypted private key in PEM: PKCS 8 (RFC 5958), which Java knows, and the older forms PKCS 1 for RSA (RFC 8017)
 * and SEC 1 for elliptic curves (RFC 5915), which are put into a PKCS 8 envelope.
 */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final String[] ALGORITHMS = {"EC", "RSA", "EdDSA"};

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xA0;
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] VERSION_1 = {2, 1, 1};
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private PemKey() {}

    static PrivateKey read(String pem, Path file) throws PemException {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new PemException(file + " holds no private key in PEM (-----BEGIN PRIVATE KEY-----)");
        }
        String form = block.group(1);
        if (form.startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
            throw new PemException(
                    "the key in " + file + " has a password, which is not supported; to write it without one: openssl"
                            + " pkey -in " + file + " -out NEW.pem");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException broken) {
            throw new PemException("the key in " + file + " is damaged: " + broken.getMessage(), broken);
        }
        return switch (form) {
            case "PRIVATE KEY" -> key(der, file);
            case "RSA PRIVATE KEY" -> key(envelope(RSA, der), file);
            case "EC PRIVATE KEY" -> ec(der, file);
            default -> throw unknown(file);
        };
    }

    private static PrivateKey key(byte[] pkcs8, Path file) throws PemException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException another) {
                // A key of another algorithm, or a damaged one.
            }
        }
        throw unknown(file);
    }

    private static PemException unknown(Path file) {
        return new PemException("the key in " + file + " is damaged or of an unknown type; RSA, EC and Ed25519 keys"
                + " are supported. To convert it: openssl pkey -in " + file + " -out NEW.pem");
    }

    private static byte[] envelope(byte[] algorithm, byte[] key) {
        return value(SEQUENCE, join(VERSION_0, value(SEQUENCE, algorithm), value(OCTETS, key)));
    }

    /** SEC 1 has the name of the curve inside the key, PKCS 8 beside it. */
    private static PrivateKey ec(byte[] sec1, Path file) throws PemException {
        byte[] secret = null;
        byte[] curve = null;
        int[] position = {0};
        try {
            contentLength(sec1, position);
            while (position[0] < sec1.length) {
                int tag = sec1[position[0]] & 0xFF;
                int length = contentLength(sec1, position);
                byte[] content = Arrays.copyOfRange(sec1, position[0], position[0] + length);
                secret = tag == OCTETS ? content : secret;
                curve = tag == PARAMETERS ? content : curve;
                position[0] += length;
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
            throw unknown(file);
        }
        if (secret == null || curve == null) {
            throw unknown(file);
        }
        byte[] key = value(SEQUENCE, join(VERSION_1, value(OCTETS, secret)));
        return key(envelope(join(EC, curve), key), file);
    }

    /** Moves the position past the tag and length of the value that begins there. */
    private static int contentLength(byte[] der, int[] position) {
        int length = der[position[0] + 1] & 0xFF;
        position[0] += 2;
        if (length > 0x80) {
            int digits = length & 0x7F;
            length = 0;
            for (int i = 0; i < digits; i++) {
                length = length << 8 | der[position[0]++] & 0xFF;
            }
        }
        if (length < 0 || length > der.length) {
            throw new IllegalArgumentException("longer than what holds it");
        }
        return length;
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
