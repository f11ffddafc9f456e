package io.hongyan.im.app.config;

import io.hongyan.im.adapter.http.HttpServer.HttpSettings;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The HTTP listener, and who may call its API. */
public record HttpSection(
        @InSection(".") HttpSettings limits,

        @Setting(
                value = "Origins whose pages may use the API and open WebSockets from a browser, such as"
                        + " `https://chat.example.com`, with commas between. Empty = the API only for pages of"
                        + " the same listener, WebSockets for all pages.",
                defaultValue = "")
        List<String> corsOrigins,

        Map<String, HttpKey> keys) {

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        if (limits.heldBytesMax() < 2L * limits.bodyBytesMax()) {
            found.add("http.held_bytes_max is less than twice http.body_bytes_max, so a body of that size would always"
                    + " be refused");
        }
        for (String origin : corsOrigins) {
            if (!origin.matches("https?://[a-z0-9.:\\[\\]-]+")) {
                found.add(
                        "http.cors_origins takes origins such as https://chat.example.com, in small letters and without a path;"
                                + " '" + origin + "' is not one");
            }
        }
        return found;
    }
}
