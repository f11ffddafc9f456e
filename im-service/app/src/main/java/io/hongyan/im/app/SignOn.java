package io.hongyan.im.app;

import io.hongyan.im.adapter.auth.JwksKeys;
import io.hongyan.im.adapter.auth.JwksSettings;
import io.hongyan.im.adapter.auth.JwtTokens;
import io.hongyan.im.adapter.auth.OpaqueSettings;
import io.hongyan.im.adapter.auth.OpaqueTokens;
import io.hongyan.im.adapter.auth.SecretKeys;
import io.hongyan.im.adapter.auth.TokenIssuer;
import io.hongyan.im.adapter.auth.TokenRules;
import io.hongyan.im.adapter.auth.TokenSecret;
import io.hongyan.im.app.config.JwksSection;
import io.hongyan.im.app.config.OpaqueSection;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.TokenSettings;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.regex.Pattern;

/**
 * How tokens are checked, as the settings say.
 *
 * @param opaque null if no service is asked
 * @param issuer null if there is no secret to sign with
 * @param fingerprint the same on nodes that have the same secret
 */
record SignOn(TokenVerifier verifier, OpaqueTokens opaque, TokenIssuer issuer, String fingerprint) {
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]+( [\\x21-\\x7e]+)*");

    /** @throws IOException a secret cannot be read; the message says what to do */
    static SignOn open(Settings settings, SecureRandom random, InstantSource clock, BlockingWork work)
            throws IOException {
        TokenSettings tokens = settings.access().tokens();
        TokenRules rules = new TokenRules(
                orEmpty(tokens.issuer()),
                orEmpty(tokens.audience()),
                tokens.clockSkewSeconds(),
                tokens.lifeSecondsMax(),
                tokens.expiryRequired(),
                tokens.issueRequired());
        Path data = settings.dataDirectory();
        SecretKeys secrets = tokens.hasSecrets() ? secrets(tokens, data, random) : null;
        OpaqueTokens asked = tokens.opaque().isOff()
                ? null
                : new OpaqueTokens(opaque(tokens.opaque(), data), clock, System::nanoTime);
        JwtTokens verifier = new JwtTokens(
                secrets,
                tokens.jwks().isOff() ? null : new JwksKeys(jwks(tokens.jwks(), data), System::nanoTime, work),
                asked,
                rules,
                clock,
                work);
        return new SignOn(
                verifier,
                asked,
                secrets == null ? null : new TokenIssuer(secrets, rules, clock),
                secrets == null ? "none" : secrets.fingerprint());
    }

    private static String orEmpty(String value) {
        return value.equals(TokenSettings.ANY) ? "" : value;
    }

    private static SecretKeys secrets(TokenSettings tokens, Path data, SecureRandom random) throws IOException {
        Path file = data.resolve(tokens.secretFile());
        if (tokens.secretFile().equals(TokenSettings.DEFAULT_SECRET_FILE)) {
            TokenSecret.createUnlessThere(file, random);
        }
        TokenSecret.warnIfOthersMayRead(file);
        return SecretKeys.read(file);
    }

    private static JwksSettings jwks(JwksSection jwks, Path data) {
        return new JwksSettings(
                jwks.isUrl() ? null : data.resolve(jwks.source().text()),
                jwks.isUrl() ? URI.create(jwks.source().text()) : null,
                jwks.limits());
    }

    private static OpaqueSettings opaque(OpaqueSection opaque, Path data) throws IOException {
        String secret = null;
        if (opaque.hasSecret()) {
            Path file = data.resolve(opaque.secretFile());
            TokenSecret.warnIfOthersMayRead(file);
            secret = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (!HEADER_VALUE.matcher(secret).matches()) {
                throw new IOException(file + " does not contain a secret that can be sent as Authorization: Bearer:"
                        + " one line of printable ASCII characters");
            }
        }
        return new OpaqueSettings(URI.create(opaque.url().text()), secret, opaque.limits());
    }
}
