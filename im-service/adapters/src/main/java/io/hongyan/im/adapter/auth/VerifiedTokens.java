package io.hongyan.im.adapter.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens with a valid signature, by their hash; the least recently used are dropped first. Only that the key has signed
 * these claims is remembered: whether the key is still in use, and whether the claims are valid now, is checked each
 * time. Safe for many threads.
 */
final class VerifiedTokens {
    static final int TOKENS_MAX = 10_000;

    private final Map<ByteBuffer, Verified> byHash = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Verified> eldest) {
            return size() > TOKENS_MAX;
        }
    };

    /** @param kid null if the token names no key */
    record Verified(JWSAlgorithm algorithm, String kid, JWSVerifier key, JWTClaimsSet claims) {
        boolean holds(List<JWSVerifier> keys) {
            return keys.contains(key);
        }
    }

    static ByteBuffer hash(String token) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Null if nothing is known. */
    synchronized Verified find(ByteBuffer hash) {
        return byHash.get(hash);
    }

    synchronized void add(ByteBuffer hash, Verified verified) {
        byHash.put(hash, verified);
    }

    synchronized void remove(ByteBuffer hash) {
        byHash.remove(hash);
    }
}
