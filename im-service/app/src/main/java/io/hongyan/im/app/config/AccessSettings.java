package io.hongyan.im.app.config;

import io.hongyan.settings.Setting;

/** Who may log in and call the API. */
public record AccessSettings(
        @Setting(
                value = "Give login tokens to anybody who asks at POST /v1/dev/token. Refused together with a"
                        + " listener that other machines can reach.",
                defaultValue = "true")
        boolean development,

        @Setting(
                value = "Allow `development` together with listeners that other machines can reach.",
                defaultValue = "false")
        boolean developmentAllowRemote,

        TokenSettings tokens,

        HttpSection http) {}
