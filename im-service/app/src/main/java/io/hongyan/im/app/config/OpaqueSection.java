package io.hongyan.im.app.config;

import io.hongyan.im.adapter.auth.OpaqueLimits;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.List;

/** The company's sign-on service, which is asked about tokens that are not JSON Web Tokens. */
public record OpaqueSection(
        @Setting(
                value = "Service that checks opaque tokens, called by POST: an `https://` URL (`http://` only on this"
                        + " machine); `off` = opaque tokens are refused.",
                defaultValue = "off")
        MaskedUrl url,

        @Setting(
                value = "File with the secret that is sent to the service as `Authorization: Bearer`, in"
                        + " `data_directory` unless absolute; `off` = none.",
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
