package io.hongyan.im.app.config;

import io.hongyan.im.adapter.auth.OpaqueLimits;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.List;

/** The company's sign-on service, asked about tokens that are no JSON Web Tokens. */
public record OpaqueSection(
        @Setting(
                value =
                        "Where it is asked by POST, an `https://` URL, `http://` for this machine only; `off` = it is not.",
                defaultValue = "off")
        MaskedUrl url,

        @Setting(
                value =
                        "A file with what is sent to it as `Authorization: Bearer`, in `data_directory` unless absolute; `off` ="
                                + " nothing.",
                defaultValue = "off")
        String secretFile,

        @InSection(".") OpaqueLimits limits) {

    public boolean isOff() {
        return url.text().equals(TokenSettings.OFF);
    }

    public boolean hasSecret() {
        return !secretFile.equals(TokenSettings.OFF);
    }

    List<String> contradictions() {
        return isOff() || WebAddress.isSafe(url.text())
                ? List.of()
                : List.of("tokens.opaque.url takes an https:// URL, http:// for this machine only, or off");
    }
}
