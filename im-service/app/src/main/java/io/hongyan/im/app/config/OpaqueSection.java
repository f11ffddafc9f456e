package io.hongyan.im.app.config;

import java.util.List;

/** The company's sign-on service, asked about tokens that are no JSON Web Tokens. */
public record OpaqueSection(
        @Setting("Where it is asked by POST, an `https://` URL, `http://` for this machine only; `off` = it is not.")
        String url,

        @Setting(
                "A file with what is sent to it as `Authorization: Bearer`, in `data_directory` unless absolute; `off` ="
                        + " nothing.")
        String secretFile,

        @Setting(
                value =
                        "How long an answer may take; above that the login is refused as the service being unavailable.",
                unit = "ms",
                min = 50,
                max = 60_000)
        int answerMillisMax,

        @Setting(value = "Questions on their way at once; above that likewise.", min = 1, max = 10_000)
        int requestsMax,

        @Setting(value = "Good answers remembered.", max = 1_000_000)
        int cachedMax,

        @Setting(value = "For how long.", unit = "s", max = 3_600)
        int cachedSeconds) {
    static final OpaqueSection DEFAULT = new OpaqueSection(TokenSettings.OFF, TokenSettings.OFF, 3_000, 64, 10_000, 60);

    public boolean isOff() {
        return url.equals(TokenSettings.OFF);
    }

    public boolean hasSecret() {
        return !secretFile.equals(TokenSettings.OFF);
    }

    List<String> contradictions() {
        return isOff() || WebAddress.isSafe(url)
                ? List.of()
                : List.of("tokens.opaque.url takes an https:// URL, http:// for this machine only, or off");
    }
}
