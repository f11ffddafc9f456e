package io.hongyan.im.app.config;

import io.hongyan.im.adapter.http.BusinessKeys;
import io.hongyan.im.adapter.http.HttpScope;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;
import java.nio.file.Path;
import java.util.List;

/** A key with which a business line calls the API, below {@code http.keys.NAME}. */
public record HttpKey(
        @Setting(
                value = "The key, sent as `Authorization: Bearer …`: at least 32 printable ASCII characters.",
                defaultValue = "")
        Secret secret,

        @Setting(
                value = "File with the key instead, relative to the data directory; blanks and line ends around it"
                        + " are ignored.",
                defaultValue = "")
        Path secretFile,

        @Setting(
                value = "What the key allows: some of `groups`, `users`, `users_write`, `push`, `feed`, `messages`,"
                        + " `node`, as a list.",
                defaultValue = "")
        List<HttpScope> scopes) {

    /** The value without configuration. */
    public static final HttpKey DEFAULT = Defaults.of(HttpKey.class);

    public HttpKey {
        scopes = List.copyOf(scopes);
    }

    public boolean hasFile() {
        return !secretFile.equals(DEFAULT.secretFile);
    }

    /** What is wrong with it; null = nothing. */
    String fault(String name) {
        if (secret.isSet() == hasFile()) {
            return "http.keys." + name + " takes either secret or secret_file";
        }
        if (secret.isSet() && secret.text().length() < BusinessKeys.SECRET_CHARACTERS_MIN) {
            return "http.keys." + name + ".secret must have at least " + BusinessKeys.SECRET_CHARACTERS_MIN
                    + " characters";
        }
        return scopes.isEmpty() ? "http.keys." + name + ".scopes is empty, so the key allows nothing" : null;
    }
}
