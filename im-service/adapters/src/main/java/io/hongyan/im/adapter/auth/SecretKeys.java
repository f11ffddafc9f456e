package io.hongyan.im.adapter.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The secrets that sign tokens by HS256: one per line, this server signs with the first. A line is
 * {@code [kid ][form:]value}; forms are {@code base64url} (the default), {@code base64}, {@code hex} and {@code utf8}.
 * Empty lines and those that begin with {@code #} are ignored.
 */
public final class SecretKeys {
    /** HS256 demands at least the size of its hash (RFC 7518, section 3.2). */
    static final int BYTES_MIN = 32;

    static final int KEYS_MAX = 16;

    private final List<Key> keys;

    /** @param kid empty if it has none */
    private record Key(String kid, byte[] bytes, JWSVerifier verifier) {}

    private SecretKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /** A key without a name. */
    public static SecretKeys of(byte[] key) {
        return new SecretKeys(List.of(key("", key)));
    }

    /** @throws IOException it cannot be read, or contains something else; the message names the line and no secret */
    public static SecretKeys read(Path file) throws IOException {
        List<Key> keys = new ArrayList<>();
        Set<String> kids = new HashSet<>();
        int number = 0;
        for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\\R")) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                keys.add(keyOf(text, file + ":" + number));
                if (!kids.add(keys.get(keys.size() - 1).kid())) {
                    throw new IOException(file + ":" + number + ": there are two keys of this name (kid)");
                }
            }
        }
        if (keys.isEmpty() || keys.size() > KEYS_MAX) {
            throw new IOException(file + " holds " + keys.size() + " keys; it takes from 1 to " + KEYS_MAX);
        }
        return new SecretKeys(keys);
    }

    private static Key keyOf(String line, String place) throws IOException {
        String[] words = line.split("\\s+", 2);
        // Only utf8 may have blanks in its value.
        boolean named = words.length == 2 && !words[0].startsWith("utf8:");
        String value = named ? words[1] : line;
        byte[] bytes;
        try {
            bytes = decode(value);
        } catch (IllegalArgumentException malformed) {
            throw new IOException(place + ": not a key of the form base64url, base64:…, hex:… or utf8:…");
        }
        if (bytes.length < BYTES_MIN) {
            throw new IOException(
                    place + ": the key has " + bytes.length + " bytes; HS256 needs at least " + BYTES_MIN);
        }
        return key(named ? words[0] : "", bytes);
    }

    private static byte[] decode(String value) {
        int colon = value.indexOf(':');
        String coded = value.substring(colon + 1);
        return switch (colon < 0 ? "base64url" : value.substring(0, colon)) {
            case "base64url" -> Base64.getUrlDecoder().decode(coded);
            case "base64" -> Base64.getDecoder().decode(coded);
            case "hex" -> HexFormat.of().parseHex(coded);
            case "utf8" -> coded.getBytes(StandardCharsets.UTF_8);
            default -> throw new IllegalArgumentException("unknown form");
        };
    }

    private static Key key(String kid, byte[] bytes) {
        try {
            return new Key(kid, bytes, new MACVerifier(bytes));
        } catch (JOSEException tooShort) {
            throw new IllegalArgumentException("the key is too short", tooShort);
        }
    }

    /** The keys that may have signed a token: the one it names, or all if it names none. */
    List<JWSVerifier> of(String kid) {
        return keys.stream()
                .filter(key -> kid == null || key.kid().equals(kid))
                .map(Key::verifier)
                .toList();
    }

    /** The name of the key this server signs with, null if it has none. */
    String signingKid() {
        return keys.get(0).kid().isEmpty() ? null : keys.get(0).kid();
    }

    /** The key this server signs with. */
    byte[] signingKey() {
        return keys.get(0).bytes().clone();
    }

    /**
     * Shows whether servers have the same secret, without revealing it. Keys with names are changed server by server:
     * if the first key has a name nothing is compared.
     */
    public String fingerprint() {
        return signingKid() == null ? TokenSecret.fingerprint(keys.get(0).bytes()) : "named";
    }
}
