package io.hongyan.im.app.config;

import java.util.List;

/** Keys of an issuer that signs tokens by RS256, ES256 or EdDSA. */
public record JwksSection(
        @Setting(
                "Where its key set (JWKS) is: an `https://` URL, or a file, in `data_directory` unless absolute; `off` = only"
                        + " HS256 is taken. `http://` for this machine only.")
        String source,

        @Setting(
                value = "It is read again after so long, and at once where a token names a key that is not known.",
                unit = "s",
                min = 5,
                max = 86_400)
        int refreshSeconds,

        @Setting(value = "How long reading it may take.", unit = "ms", min = 100, max = 60_000)
        int answerMillisMax,

        @Setting(value = "Size of the key set.", unit = "bytes", min = 1024, max = 16 << 20)
        int bytesMax,

        @Setting(
                value = "For so long the keys are good while the issuer cannot be reached.",
                unit = "s",
                max = 30 * 86_400)
        int staleSecondsMax) {
    static final JwksSection DEFAULT = new JwksSection(TokenSettings.OFF, 300, 5_000, 256 << 10, 86_400);

    public boolean isOff() {
        return source.equals(TokenSettings.OFF);
    }

    public boolean isUrl() {
        return source.contains("://");
    }

    List<String> contradictions() {
        return isUrl() && !WebAddress.isSafe(source)
                ? List.of("tokens.jwks.source takes an https:// URL, http:// for this machine only, a file, or off")
                : List.of();
    }
}
