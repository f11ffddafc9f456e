package io.hongyan.im.app.config;

import io.hongyan.im.adapter.push.WebhookLimits;
import io.hongyan.im.adapter.push.WebhookSettings;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.net.URI;
import java.nio.file.Path;

/** Hints to an outside service about users who have undelivered messages. */
public record HintSettings(
        @Setting(value = "URL of the webhook that gets hints, `http://` or `https://`; or `off`.", defaultValue = "off")
        MaskedUrl webhook,

        @Setting(
                value = "File with the key of the signatures, in `data_directory` unless absolute; created if it is"
                        + " missing.",
                defaultValue = "hint-secret")
        Path secretFile,

        @InSection(".") WebhookLimits limits) {
    static final String OFF = "off";

    /** @param secret key of the signatures */
    public WebhookSettings receiver(byte[] secret) {
        return new WebhookSettings(URI.create(webhook.text()), secret, limits);
    }

    public boolean isOff() {
        return webhook.text().equals(OFF);
    }
}
