package io.hongyan.runtime.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys in every form that openssl writes them. */
@Tag("long")
@Timeout(60)
class PemKeyTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "RSA,genrsa -traditional 2048,BEGIN RSA PRIVATE KEY",
        "RSA,genrsa 2048,BEGIN PRIVATE KEY",
        "EC,ecparam -name prime256v1 -genkey,BEGIN EC PRIVATE KEY",
        "EC,ecparam -name secp384r1 -genkey -noout,BEGIN EC PRIVATE KEY",
        "EC,genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256,BEGIN PRIVATE KEY",
        "EdDSA,genpkey -algorithm ed25519,BEGIN PRIVATE KEY"
    })
    void everyUsualFormIsRead(String algorithm, String command, String form) throws Exception {
        String pem = openssl(command);
        assertThat(pem).contains(form);
        assertThat(PemKey.read(pem, Path.of("key.pem")).getAlgorithm()).isEqualTo(algorithm);
    }

    @Test
    void whatCannotBeReadIsRefusedWithTheWayOut() throws Exception {
        for (String encrypted : new String[] {
            openssl("genrsa -aes128 -passout pass:secret 2048"),
            openssl("genrsa -traditional -aes128 -passout pass:secret 2048")
        }) {
            assertThatThrownBy(() -> PemKey.read(encrypted, Path.of("key.pem")))
                    .isInstanceOf(PemException.class)
                    .hasMessage(
                            "the key in key.pem has a password, which is not supported; to write it without one: openssl"
                                    + " pkey -in key.pem -out NEW.pem");
        }
        assertThatThrownBy(() -> PemKey.read("no key", Path.of("key.pem")))
                .hasMessageContaining("key.pem holds no private key in PEM");
        assertThatThrownBy(() ->
                        PemKey.read("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", Path.of("key.pem")))
                .hasMessageContaining("damaged or of an unknown type");
        for (String der : new String[] {"", "MA==", "MIL/", "MAOA", "MIT/////AAAA"}) {
            assertThatThrownBy(() -> PemKey.read(
                            "-----BEGIN EC PRIVATE KEY-----\n" + der + "\n-----END EC PRIVATE KEY-----", Path.of("k")))
                    .isInstanceOf(PemException.class);
        }
    }

    private String openssl(String command) throws Exception {
        Path log = directory.resolve("openssl.log");
        Process process = new ProcessBuilder(("openssl " + command).split(" "))
                .redirectError(log.toFile())
                .start();
        String pem = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        return pem;
    }
}
