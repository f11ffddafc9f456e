package io.hongyan.im.app.config;

import io.hongyan.broker.server.listen.Network;
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

        @Setting(
                value =
                        "Networks that may read `/metrics`, with commas between; others get 403. By default those that are not"
                                + " reached from the internet. `0.0.0.0/0, ::/0` = everybody.",
                defaultValue = "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10,"
                        + " 169.254.0.0/16, fc00::/7, fe80::/10")
        List<Network> metricsNetworks,

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
