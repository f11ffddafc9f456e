package io.hongyan.im.app;

import io.hongyan.im.adapter.auth.TokenSecret;
import io.hongyan.im.adapter.http.BusinessKeys;
import io.hongyan.im.adapter.http.HttpScope;
import io.hongyan.im.app.config.HttpKey;
import io.hongyan.im.app.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;

/** The keys of business lines: those of the configuration, and in development mode one with every scope. */
final class ApiAccess {
    /** In the data directory. */
    static final String DEVELOPMENT_KEY_FILE = "http-key";

    private static final String DEVELOPMENT_KEY = "development";

    private ApiAccess() {}

    static BusinessKeys keys(Settings settings, SecureRandom random) throws StartException {
        BusinessKeys keys = new BusinessKeys();
        try {
            for (Map.Entry<String, HttpKey> named :
                    settings.access().http().keys().entrySet()) {
                HttpKey key = named.getValue();
                String secret = key.hasFile()
                        ? secretIn(settings.dataDirectory().resolve(key.secretFile()))
                        : key.secret().text();
                keys.add(named.getKey(), secret, EnumSet.copyOf(key.scopes()));
            }
            if (settings.access().development()) {
                byte[] secret =
                        TokenSecret.loadOrCreate(settings.dataDirectory().resolve(DEVELOPMENT_KEY_FILE), random);
                keys.add(
                        DEVELOPMENT_KEY,
                        Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
                        EnumSet.allOf(HttpScope.class));
            }
        } catch (IOException | IllegalArgumentException unusable) {
            throw new StartException(unusable.getMessage(), unusable);
        }
        return keys;
    }

    private static String secretIn(Path file) throws IOException {
        try {
            TokenSecret.warnIfOthersMayRead(file);
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw new IOException("cannot read the HTTP key in " + file, unreadable);
        }
    }
}
