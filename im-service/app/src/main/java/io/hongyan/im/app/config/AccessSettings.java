package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;

/** Who may log in and call the API. */
public record AccessSettings(
        @Setting(
                value =
                        "Give out login tokens to whoever asks at POST /v1/dev/token. Refused together with a listener that"
                                + " other machines reach.",
                defaultValue = "true")
        boolean development,

        @Setting(value = "Allow that all the same.", defaultValue = "false")
        boolean developmentAllowRemote,

        TokenSettings tokens,

        HttpSection http) {}
