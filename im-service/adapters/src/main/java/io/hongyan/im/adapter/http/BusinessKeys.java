package io.hongyan.im.adapter.http;

import io.hongyan.im.adapter.http.Caller.Business;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of business lines. Holds their hashes only. */
public final class BusinessKeys {
    /** Shorter secrets are refused. */
    public static final int SECRET_CHARACTERS_MIN = 32;

    /** Longer secrets would not pass as a header. */
    public static final int SECRET_CHARACTERS_MAX = 1_024;

    private final List<Key> keys = new ArrayList<>();

    private record Key(byte[] hash, Business holder) {}

    /**
     * Adds a key. Before the server starts.
     *
     * @param name for logs and metrics
     * @throws IllegalArgumentException the secret is unusable, or is another key's; the message does not hold it
     */
    public void add(String name, String secret, Set<HttpScope> scopes) {
        if (secret.length() < SECRET_CHARACTERS_MIN || secret.length() > SECRET_CHARACTERS_MAX) {
            throw new IllegalArgumentException("the secret of the HTTP key " + name + " must have from "
                    + SECRET_CHARACTERS_MIN + " to " + SECRET_CHARACTERS_MAX + " characters");
        }
        if (!secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "the secret of the HTTP key " + name + " must be of printable ASCII without spaces");
        }
        byte[] hash = hash(secret);
        for (Key other : keys) {
            if (Arrays.equals(other.hash, hash)) {
                throw new IllegalArgumentException(
                        "the HTTP keys " + other.holder.name() + " and " + name + " have the same secret");
            }
        }
        keys.add(new Key(hash, new Business(name, scopes)));
    }

    /** Whose key this is. Takes as long whether it is the first, the last or none. */
    Optional<Business> holder(String presented) {
        byte[] hash = hash(presented);
        Business found = null;
        for (Key key : keys) {
            if (MessageDigest.isEqual(key.hash, hash)) {
                found = key.holder;
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
