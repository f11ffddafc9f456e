package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import io.hongyan.im.core.session.TokenVerifier.Asker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretKeysTest {
    private static final Asker ASKER = Asker.at("192.0.2.1");
    private static final byte[] KEY = "0123456789abcdef0123456789abcde?".getBytes(StandardCharsets.US_ASCII);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    @Test
    void everyFormOfAKeyIsTheSameKey() throws Exception {
        String token = issued(read(Base64.getUrlEncoder().withoutPadding().encodeToString(KEY)));
        for (String line : new String[] {
            Base64.getUrlEncoder().encodeToString(KEY) + "\n",
            "base64url:" + Base64.getUrlEncoder().withoutPadding().encodeToString(KEY),
            "base64:" + Base64.getEncoder().encodeToString(KEY),
            "# a note\r\n\r\nhex:" + HexFormat.of().formatHex(KEY) + "\r\n",
            "utf8:" + new String(KEY, StandardCharsets.US_ASCII)
        }) {
            assertThat(verdict(read(line), token)).as(line).isInstanceOf(Genuine.class);
        }
        assertThat(SecretKeys.of(KEY).fingerprint()).isEqualTo(TokenSecret.fingerprint(KEY));
    }

    @Test
    void aNamedKeyVerifiesTokensThatNameItAndThoseThatNameNone() throws Exception {
        String old = "old hex:" + "ab".repeat(32);
        String fresh = "new utf8:a text with blanks that is long enough";
        String ofOld = issued(read(old));
        String ofNew = issued(read(fresh));
        SecretKeys both = read(fresh + "\n" + old);
        assertThat(verdict(both, ofOld)).isInstanceOf(Genuine.class);
        assertThat(verdict(both, ofNew)).isInstanceOf(Genuine.class);
        assertThat(verdict(both, issued(read("hex:" + "ab".repeat(32))))).isInstanceOf(Genuine.class);
        assertThat(verdict(read(fresh), ofOld)).isInstanceOf(TokenVerdict.Worthless.class);
        assertThat(verdict(read("old " + fresh.substring(4)), ofOld)).isInstanceOf(TokenVerdict.Worthless.class);
        assertThat(both.fingerprint()).isEqualTo(read(old).fingerprint());
    }

    @Test
    void whatIsNoKeyIsToldWithItsLineAndWithoutTheSecret() {
        for (String bad : new String[] {
            "",
            "# nothing\n",
            "hex:" + "ab".repeat(31),
            "hex:xyz",
            "rot13:" + "ab".repeat(32),
            "base64:-_-_",
            "ü",
            "a hex:" + "ab".repeat(32) + "\na hex:" + "cd".repeat(32),
            ("hex:" + "ab".repeat(32) + "\n").repeat(17)
        }) {
            assertThatThrownBy(() -> read(bad))
                    .as(bad)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("secrets")
                    .hasMessageNotContainingAny("abab", "xyz", "-_-_");
        }
    }

    private SecretKeys read(String text) throws IOException {
        return SecretKeys.read(Files.writeString(directory.resolve("secrets"), text));
    }

    private static String issued(SecretKeys keys) {
        return new TokenIssuer(keys, TokenRules.withSkew(5), () -> NOW).issue("alice", null, null, 60);
    }

    private static TokenVerdict verdict(SecretKeys keys, String token) {
        return new JwtTokens(keys, null, null, TokenRules.withSkew(5), () -> NOW, new BlockingWork(Runnable::run))
                .verify(token, ASKER)
                .toCompletableFuture()
                .join();
    }
}
