package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;

/** Login tokens. */
public record TokenSettings(
        @Setting(
                value =
                        "File with the secrets that tokens are signed with by HS256, in `data_directory` unless absolute; one of"
                                + " the default name is made where it is missing. `off` = HS256 is not taken.",
                defaultValue = "token-secret")
        String secretFile,

        @Setting(value = "What `iss` must be; `any` = it is not looked at.", defaultValue = "any")
        String issuer,

        @Setting(value = "What `aud` must hold; `any` = it is not looked at.", defaultValue = "any")
        String audience,

        @Setting(
                value = "By how much the clocks of issuer and server may differ.",
                defaultValue = "30",
                unit = "s",
                max = 3600)
        int clockSkewSeconds,

        @Setting(value = "Longest life of a token, `exp` less `iat`; 0 = any.", defaultValue = "31_622_400", unit = "s")
        int lifeSecondsMax,

        @Setting(value = "Refuse tokens without `exp`.", defaultValue = "true")
        boolean expiryRequired,

        @Setting(
                value = "Refuse tokens without `iat`. One that is taken is void once tokens of its user are revoked.",
                defaultValue = "true")
        boolean issueRequired,

        JwksSection jwks,

        OpaqueSection opaque) {
    public static final String DEFAULT_SECRET_FILE = "token-secret";
    public static final String ANY = "any";
    static final String OFF = "off";

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
