package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.auth.JwtTokens;
import io.hongyan.im.adapter.auth.SecretKeys;
import io.hongyan.im.adapter.auth.TokenRules;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.session.TokenVerdict;
import io.hongyan.im.core.session.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the page on tokens make tokens that the server accepts. */
@Tag("servers")
@Timeout(120)
final class TokensPageTest {
    private static final Path PAGE = Path.of("../../docs/operating/tokens.md");
    private static final Map<String, List<String>> RUN = Map.of(
            "token.sh", List.of("bash"),
            "token.py", List.of("python3"),
            "token.mjs", List.of("node"),
            "token.php", List.of("php"),
            "Token.java",
                    List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                            .toString()));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"token.sh", "token.py", "token.mjs", "Token.java", "token.php"})
    void everyProgramMakesATokenThatIsTaken(String name) throws Exception {
        // Of each length that needs another padding, and with every byte.
        for (int length = 32; length < 35; length++) {
            byte[] key = new byte[length];
            for (int i = 0; i < length; i++) {
                key[i] = (byte) (i * 37 + 200 + length);
            }
            Path secret = directory.resolve("token-secret");
            Files.writeString(secret, Base64.getUrlEncoder().withoutPadding().encodeToString(key) + '\n');
            String token = run(name, secret);
            TokenVerdict verdict = new JwtTokens(
                            SecretKeys.read(secret),
                            null,
                            null,
                            TokenRules.withSkew(30),
                            Clock.systemUTC(),
                            new BlockingWork(Runnable::run))
                    .verify(token, TokenVerifier.Asker.at("192.0.2.1"))
                    .toCompletableFuture()
                    .join();
            assertThat(verdict).as(token).isInstanceOfSatisfying(TokenVerdict.Genuine.class, genuine -> {
                assertThat(genuine.uid()).isEqualTo("alice");
                assertThat(genuine.facts().issuedAt()).isPositive();
            });
        }
    }

    private String run(String name, Path secret) throws Exception {
        Pattern block = Pattern.compile("(?s)<!-- " + Pattern.quote(name) + " -->\n```[a-z]+\n(.*?)```");
        Matcher program = block.matcher(Files.readString(PAGE));
        assertThat(program.find()).isTrue();
        Path file = Files.writeString(directory.resolve(name), program.group(1));
        List<String> command = new ArrayList<>(RUN.get(name));
        command.addAll(List.of(file.toString(), "alice", secret.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.strip();
    }
}
