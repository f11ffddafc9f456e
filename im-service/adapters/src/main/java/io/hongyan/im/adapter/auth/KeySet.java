package io.hongyan.im.adapter.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Public keys of an issuer (RFC 7517), each for the one algorithm of its type; others are ignored. */
final class KeySet {
    private static final int RSA_BITS_MIN = 2_048;
    private static final int KEYS_MAX = 64;

    private final List<Key> keys;

    private record Key(JWSAlgorithm algorithm, String kid, JWSVerifier verifier) {}

    private KeySet(List<Key> keys) {
        this.keys = keys;
    }

    /** @throws ParseException it is not a key set, or has no usable key */
    static KeySet parse(String text) throws ParseException {
        List<Key> keys = new ArrayList<>();
        for (JWK jwk : JWKSet.parse(text).getKeys()) {
            if (keys.size() < KEYS_MAX) {
                key(jwk).ifPresent(keys::add);
            }
        }
        if (keys.isEmpty()) {
            throw new ParseException("it has no key for RS256, ES256 or EdDSA", 0);
        }
        return new KeySet(keys);
    }

    private static Optional<Key> key(JWK jwk) {
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return Optional.empty();
        }
        try {
            JWSAlgorithm algorithm = null;
            JWSVerifier verifier = null;
            if (jwk instanceof RSAKey rsa && rsa.size() >= RSA_BITS_MIN) {
                algorithm = JWSAlgorithm.RS256;
                verifier = new RSASSAVerifier(rsa);
            } else if (jwk instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)) {
                algorithm = JWSAlgorithm.ES256;
                verifier = new ECDSAVerifier(ec);
            } else if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
                algorithm = JWSAlgorithm.EdDSA;
                verifier = new Ed25519Verifier(pair.getDecodedX());
            }
            boolean other = algorithm == null
                    || jwk.getAlgorithm() != null
                            && !jwk.getAlgorithm().getName().equals(algorithm.getName());
            return other ? Optional.empty() : Optional.of(new Key(algorithm, jwk.getKeyID(), verifier));
        } catch (JOSEException | GeneralSecurityException unusable) {
            return Optional.empty();
        }
    }

    /** @param kid null = any */
    List<JWSVerifier> of(JWSAlgorithm algorithm, String kid) {
        return keys.stream()
                .filter(key -> key.algorithm.equals(algorithm) && (kid == null || kid.equals(key.kid)))
                .map(Key::verifier)
                .toList();
    }
}
