package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;

/** Login tokens. */
public record TokenSettings(
        @Setting(
                value = "File with the secrets that sign tokens by HS256, in `data_directory` unless absolute. A"
                        + " missing file of the default name is created. `off` = HS256 tokens are refused.",
                defaultValue = "token-secret")
        String secretFile,

        @Setting(value = "Required value of the claim `iss`; `any` = not checked.", defaultValue = "any")
        String issuer,

        @Setting(value = "Value that the claim `aud` must contain; `any` = not checked.", defaultValue = "any")
        String audience,

        @Setting(
                value = "Allowed difference between the clocks of issuer and server.",
                defaultValue = "30",
                unit = "s",
                max = 3600)
        int clockSkewSeconds,

        @Setting(
                value = "Longest life of a token, `exp` minus `iat`; 0 = no limit.",
                defaultValue = "31_622_400",
                unit = "s")
        int lifeSecondsMax,

        @Setting(value = "Refuse tokens without `exp`.", defaultValue = "true")
        boolean expiryRequired,

        @Setting(
                value = "Refuse tokens without `iat`. If they are accepted, a revocation of the user's tokens makes"
                        + " all of them void.",
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
            found.add("development: true issues tokens, which needs tokens.secret_file");
        }
        if (!hasSecrets() && jwks.isOff() && opaque.isOff()) {
            found.add("tokens.secret_file, tokens.jwks.source and tokens.opaque.url are all off, so nobody could log"
                    + " in; set one of them");
        }
        found.addAll(jwks.contradictions());
        found.addAll(opaque.contradictions());
        return found;
    }
}
