package io.hongyan.im.app.config;

import java.util.ArrayList;
import java.util.List;

/** Login tokens. */
public record TokenSettings(
        @Setting(
                "File with the secrets that tokens are signed with by HS256, in `data_directory` unless absolute; one of"
                        + " the default name is made where it is missing. `off` = HS256 is not taken.")
        String secretFile,

        @Setting("What `iss` must be; `any` = it is not looked at.")
        String issuer,

        @Setting("What `aud` must hold; `any` = it is not looked at.")
        String audience,

        @Setting(value = "By how much the clocks of issuer and server may differ.", unit = "s", max = 3600)
        int clockSkewSeconds,

        @Setting(value = "Longest life of a token, `exp` less `iat`; 0 = any.", unit = "s")
        int lifeSecondsMax,

        @Setting("Refuse tokens without `exp`.") boolean expiryRequired,

        @Setting("Refuse tokens without `iat`. One that is taken is void once tokens of its user are revoked.")
        boolean issueRequired,

        @Setting(
                "End a session when the token it logged in with ends. Otherwise a client stays as long as it is connected.")
        boolean endSessionsAtExpiry,

        JwksSection jwks,
        OpaqueSection opaque) {
    public static final String DEFAULT_SECRET_FILE = "token-secret";
    public static final String ANY = "any";
    static final String OFF = "off";
    private static final int YEAR_SECONDS = 366 * 86_400;

    static final TokenSettings DEFAULT = new TokenSettings(
            DEFAULT_SECRET_FILE,
            ANY,
            ANY,
            30,
            YEAR_SECONDS,
            true,
            true,
            false,
            JwksSection.DEFAULT,
            OpaqueSection.DEFAULT);

    public boolean hasSecrets() {
        return !secretFile.equals(OFF);
    }

    List<String> contradictions(boolean development) {
        List<String> found = new ArrayList<>();
        if (!hasSecrets() && development) {
            found.add("development: true gives out tokens, which takes tokens.secret_file");
        }
        if (!hasSecrets() && jwks.isOff() && opaque.isOff()) {
            found.add("tokens.secret_file, tokens.jwks.source and tokens.opaque.url are all off: nobody could log in");
        }
        found.addAll(jwks.contradictions());
        found.addAll(opaque.contradictions());
        return found;
    }
}
