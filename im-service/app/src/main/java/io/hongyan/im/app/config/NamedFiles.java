package io.hongyan.im.app.config;

import io.hongyan.settings.FilePaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The files that settings name and that must exist when the server starts. */
final class NamedFiles {
    private NamedFiles() {}

    /** A sentence for each that cannot be read. */
    static List<String> unreadable(Settings settings) {
        Map<String, Path> files = new LinkedHashMap<>();
        LinkSection link = settings.cluster().link();
        if (link.isTls()) {
            add(files, "link.certificate", Path.of(""), link.certificate());
            add(files, "link.key", Path.of(""), link.key());
            add(files, "link.authorities", Path.of(""), link.authorities());
        }
        if (settings.gate().tls().isOn()) {
            add(files, "tls.certificate", Path.of(""), settings.gate().tls().certificate());
            add(files, "tls.key", Path.of(""), settings.gate().tls().key());
            if (settings.gate().tls().hasClientAuthorities()) {
                add(
                        files,
                        "tls.client_authorities",
                        Path.of(""),
                        settings.gate().tls().clientAuthorities());
            }
        }
        Path data = settings.dataDirectory();
        if (settings.role() != Role.BROKER) {
            addTokens(files, data, settings.access().tokens());
        }
        settings.access().http().keys().forEach((name, key) -> {
            if (key.hasFile()) {
                files.put("http.keys." + name + ".secret_file", data.resolve(key.secretFile()));
            }
        });
        if (settings.storage().engine() == StorageSettings.Engine.MYSQL) {
            addMysql(files, data, settings.storage().mysql());
        }
        if (!settings.cluster().redis().isOff() && settings.cluster().redis().hasPassword()) {
            add(files, "redis.password_file", data, settings.cluster().redis().passwordFile());
        }
        return files.entrySet().stream()
                .map(file -> fault(file.getKey(), file.getValue()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Gates do not check tokens; their nodes do. */
    private static void addTokens(Map<String, Path> files, Path data, TokenSettings tokens) {
        if (tokens.hasSecrets() && !tokens.secretFile().equals(TokenSettings.DEFAULT_SECRET_FILE)) {
            add(files, "tokens.secret_file", data, tokens.secretFile());
        }
        if (!tokens.jwks().isOff() && !tokens.jwks().isUrl()) {
            add(files, "tokens.jwks.source", data, tokens.jwks().source().text());
        }
        if (!tokens.opaque().isOff() && tokens.opaque().hasSecret()) {
            add(files, "tokens.opaque.secret_file", data, tokens.opaque().secretFile());
        }
    }

    private static void addMysql(Map<String, Path> files, Path data, MysqlSection mysql) {
        boolean ofAll = !mysql.isSharded();
        for (Map.Entry<String, MysqlDatabase> database : mysql.databases().entrySet()) {
            String own = database.getValue().passwordFile();
            ofAll |= own.isEmpty();
            if (!own.isEmpty() && !own.equals(MysqlSection.OFF)) {
                add(files, "storage.mysql.databases." + database.getKey() + ".password_file", data, own);
            }
        }
        if (ofAll && mysql.hasPassword()) {
            add(files, "storage.mysql.password_file", data, mysql.passwordFile());
        }
    }

    /** Null means an invalid path. */
    private static void add(Map<String, Path> files, String key, Path directory, String file) {
        files.put(key, FilePaths.parse(file).map(directory::resolve).orElse(null));
    }

    /** Null if the file can be read. */
    private static String fault(String key, Path file) {
        if (file == null) {
            return key + " takes a path that the locale can write";
        }
        // A misspelt URL counts as a file.
        String shown = new MaskedUrl(file.toString()).toString();
        if (Files.isDirectory(file)) {
            return key + ": cannot read " + shown + ": it is a directory";
        }
        try {
            Files.newInputStream(file).close();
            return null;
        } catch (IOException unreadable) {
            return key + ": cannot read " + shown + ": " + ConfigText.reason(unreadable);
        }
    }
}
