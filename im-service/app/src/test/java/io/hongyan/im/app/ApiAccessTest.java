package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.http.BusinessKeys;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which keys the API takes. */
@Timeout(30)
final class ApiAccessTest {
    private static final String SECRET = "secret-0123456789-0123456789-0123456789";

    @TempDir
    Path directory;

    @Test
    void aKeyOfTheConfigurationOpensTheApiAndOnlyWithItsScopes() throws Exception {
        Files.writeString(directory.resolve("crm-key"), SECRET + "\n");
        String yaml = "http:\n  keys:\n    crm:\n      secret_file: crm-key\n      scopes: [users]\n";
        try (RunningServer server = RunningServer.startWithFile(directory, yaml)) {
            String bearer = "Bearer " + SECRET;
            assertThat(server.http("POST", "/v1/users", "{\"uid\":\"alice\"}", "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.http("GET", "/v1/groups/x", null, "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void theKeyForDevelopmentIsKeptInAFileOfTheOwner() throws Exception {
        Settings settings = settings("");
        ApiAccess.keys(settings, new SecureRandom());
        Path file = directory.resolve(ApiAccess.DEVELOPMENT_KEY_FILE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String key = Files.readString(file);
        ApiAccess.keys(settings, new SecureRandom());
        assertThat(Files.readString(file)).isEqualTo(key).hasSizeGreaterThan(BusinessKeys.SECRET_CHARACTERS_MIN);
    }

    @Test
    void withoutDevelopmentThereIsNoSuchKey() throws Exception {
        ApiAccess.keys(settings("development: false\n"), new SecureRandom());
        assertThat(directory.resolve(ApiAccess.DEVELOPMENT_KEY_FILE)).doesNotExist();
    }

    @Test
    void unusableFilesAreNamedAndNotShown() throws Exception {
        String yaml = "http:\n  keys:\n    crm:\n      secret_file: crm-key\n      scopes: [users]\n";
        assertThatThrownBy(() -> ApiAccess.keys(settings(yaml), new SecureRandom()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("crm-key");
        Files.writeString(directory.resolve("crm-key"), "tooShort");
        assertThatThrownBy(() -> ApiAccess.keys(settings(yaml), new SecureRandom()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("crm")
                .hasMessageNotContaining("tooShort");
    }

    private Settings settings(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("hongyan.yaml"), yaml);
        return SettingsReader.read(file, Map.of("HONGYAN_DATA_DIRECTORY", directory.toString()));
    }
}
