package io.hongyan.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TokenSignerTest {
    private static final long NOW_SECONDS = 1_790_000_000L;

    @TempDir
    private Path directory;

    @Test
    void aTokenSignedWithTheSecretFileIsGoodForAnotherLibrary() throws Exception {
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (i * 37 - 5);
        }
        Path file = directory.resolve("token-secret");
        Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\n");

        SignedJWT token =
                SignedJWT.parse(TokenSigner.fromFile(file, NOW_SECONDS).token("b1-r7"));
        assertThat(token.verify(new MACVerifier(secret))).isTrue();
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("b1-r7");
        assertThat(token.getJWTClaimsSet().getExpirationTime()).isAfter(new Date(NOW_SECONDS * 1000));
    }
}
