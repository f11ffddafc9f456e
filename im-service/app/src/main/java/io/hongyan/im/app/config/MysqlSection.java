package io.hongyan.im.app.config;

import io.hongyan.im.adapter.sql.mysql.MysqlSettings;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A MySQL or MariaDB server, which several nodes may share. */
public record MysqlSection(
        @Setting(
                value = "URL of the database: `jdbc:mysql://HOST:PORT/DATABASE`, with options of the driver if needed.",
                defaultValue = "jdbc:mysql://127.0.0.1:3306/hongyan")
        String url,

        @Setting(value = "User name for the database.", defaultValue = "hongyan")
        String user,

        @Setting(
                value = "File with the password, in `data_directory` unless absolute; `off` = no password.",
                defaultValue = "off")
        String passwordFile,

        @InSection(".") MysqlSettings limits,

        Map<String, MysqlDatabase> databases) {
    private static final String URL = "jdbc:mysql://[^/?#\\s]+/[^/?#\\s]+(\\?\\S*)?";

    private static final Pattern CREDENTIALS = Pattern.compile(
            "(?i)[?&](user|password[0-9]?|trustCertificateKeyStorePassword|clientCertificateKeyStorePassword)=");

    /** The name of the database where there is no list of them. */
    public static final String ONLY = "main";

    static final String OFF = "off";

    /** Whether the data is in a list of databases. */
    public boolean isSharded() {
        return !databases.isEmpty();
    }

    /** The same section for one of the databases. */
    public MysqlSection of(MysqlDatabase database) {
        return new MysqlSection(
                database.url(),
                database.user().isEmpty() ? user : database.user(),
                database.passwordFile().isEmpty() ? passwordFile : database.passwordFile(),
                limits,
                Map.of());
    }

    public boolean hasPassword() {
        return !passwordFile.equals(OFF);
    }

    List<String> contradictions() {
        List<String> found = new ArrayList<>();
        checkUrl("storage.mysql.url", url, found);
        Map<String, String> places = new HashMap<>();
        databases.forEach((name, database) -> {
            checkUrl("storage.mysql.databases." + name + ".url", database.url(), found);
            String before = places.put(database.url().replaceFirst("\\?.*", ""), name);
            if (before != null) {
                found.add("storage.mysql.databases." + name + ".url is that of " + before);
            }
        });
        if (limits.answerMillisMax() <= 1_000L * limits.lockWaitSeconds()) {
            found.add("storage.mysql.answer_millis_max is not above storage.mysql.lock_wait_seconds");
        }
        return found;
    }

    private static void checkUrl(String key, String url, List<String> found) {
        if (!url.matches(URL)) {
            found.add(key + " takes jdbc:mysql://HOST:PORT/DATABASE, perhaps with options");
        } else if (url.contains("@") || CREDENTIALS.matcher(url).find()) {
            found.add(key + " takes neither user nor password, because the log shows settings: set user and"
                    + " password_file");
        }
    }
}
