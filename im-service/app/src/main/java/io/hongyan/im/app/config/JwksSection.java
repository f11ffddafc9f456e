package io.hongyan.im.app.config;

import io.hongyan.im.adapter.auth.JwksLimits;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.List;

/** Keys of an issuer that signs tokens by RS256, ES256 or EdDSA. */
public record JwksSection(
        @Setting(
                value = "Where the key set (JWKS) of your identity provider is: an `https://` URL (`http://` only on"
                        + " this machine), or a file, in `data_directory` unless absolute; `off` = only HS256"
                        + " tokens are accepted.",
                defaultValue = "off")
        MaskedUrl source,

        @InSection(".") JwksLimits limits) {

    public boolean isOff() {
        return source.text().equals(TokenSettings.OFF);
    }

    public boolean isUrl() {
        return source.text().contains("://");
    }

    List<String> contradictions() {
        return isUrl() && !WebAddress.isSafe(source.text())
                ? List.of("tokens.jwks.source takes an https:// URL, http:// for this machine only, a file, or off")
                : List.of();
    }
}
