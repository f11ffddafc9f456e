package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class TokenSecretTest {
    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path directory;

    @Test
    void firstStartMakesAKeyThatOnlyTheOwnerCanRead() throws IOException {
        Path file = directory.resolve("token-secret");
        byte[] made = TokenSecret.loadOrCreate(file, random);
        assertThat(made).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(TokenSecret.loadOrCreate(file, random)).isEqualTo(made);
        assertThat(directory).isDirectoryContaining(path -> path.equals(file));
        assertThat(Files.list(directory)).hasSize(1);
    }

    @Test
    void twoKeysDiffer() throws IOException {
        assertThat(TokenSecret.loadOrCreate(directory.resolve("one"), random))
                .isNotEqualTo(TokenSecret.loadOrCreate(directory.resolve("two"), random));
    }

    @Test
    void shortOrBrokenKeysAreRefusedWithoutShowingThem() throws IOException {
        Path file = directory.resolve("token-secret");
        for (String content : new String[] {"", "c2hvcnQ", "not base64!"}) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> TokenSecret.loadOrCreate(file, random))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("token-secret does not contain a base64url key")
                    .hasMessageNotContaining("c2hvcnQ");
        }
    }

    @Test
    void equalSecretsHaveOneFingerprintWhichDoesNotHoldThem() {
        byte[] secret = new byte[32];
        secret[3] = 1;
        assertThat(TokenSecret.fingerprint(secret))
                .hasSize(32)
                .isEqualTo(TokenSecret.fingerprint(secret.clone()))
                .isNotEqualTo(TokenSecret.fingerprint(new byte[32]));
    }
}
