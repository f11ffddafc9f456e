package io.hongyan.im.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake in a configuration is reported: all at once, one line each, with its place. */
@Timeout(30)
final class ConfigFaultsTest {
    @TempDir
    Path directory;

    @Test
    void everyMistakeIsToldAtOnceInTheOrderOfTheFile() throws Exception {
        Path file = write("""
                rolle: all
                listen:
                  mqtt: &address 127.0.0.1:1883
                  websocket: *address
                  mqtt: 127.0.0.2:1883
                delivery:
                  window: ٣
                hints:
                  webhook: http://host:99999/x
                data_directory: !!str data
                mqtt:
                  packet_bytes_max: 1024
                http:
                  keys:
                    crm:
                      secret_file: nowhere
                      scopes: groups
                ---
                role: broker
                """);
        List<String> lines = faults(file, Map.of("HONGYAN_NONSENSE", "1", "HONGYAN_LANE_ATTEMPTS_MAX", "0"));
        assertThat(lines).hasSize(12);
        assertThat(lines.get(0)).isEqualTo(file + ":1: unknown key rolle; did you mean role?");
        assertThat(lines.get(1)).startsWith(file + ":3: the anchor &address is not supported");
        assertThat(lines.get(2)).startsWith(file + ":4: the alias *address is not supported");
        assertThat(lines.get(3)).isEqualTo(file + ":5: listen.mqtt is given twice, before in line 3");
        assertThat(lines.get(4)).isEqualTo(file + ":7: delivery.window takes a number from 1 to 8192, not '٣'");
        assertThat(lines.get(5)).isEqualTo(file + ":9: hints.webhook takes an http:// or https:// URL, or off");
        assertThat(lines.get(6)).startsWith(file + ":10: the tag tag:yaml.org,2002:str is not supported");
        assertThat(lines.get(7)).isEqualTo(file + ":12: messages.content_bytes_max is above mqtt.packet_bytes_max");
        assertThat(lines.get(8)).startsWith(file + ":16: http.keys.crm.secret_file: cannot read ");
        assertThat(lines.get(9)).startsWith(file + ":18: a second document begins here");
        assertThat(lines.get(10)).startsWith("environment: HONGYAN_LANE_ATTEMPTS_MAX: lane.attempts_max takes");
        assertThat(lines.get(11)).startsWith("environment: unknown variable HONGYAN_NONSENSE; did you mean ");
    }

    @Test
    void everyFileThatIsNamedAndCannotBeReadIsToldAtOnce() throws Exception {
        Path there = Files.writeString(directory.resolve("there"), "x");
        Path file = write("""
                data_directory: DATA
                listen:
                  mqtts: 127.0.0.1:8883
                tls:
                  certificate: DATA/none.pem
                  key: DATA/none-key.pem
                  client_certificates: optional
                  client_authorities: DATA/none-ca.pem
                tokens:
                  secret_file: none-secret
                  jwks:
                    source: none.json
                  opaque:
                    url: https://sso.example.com/ask
                    secret_file: DATA
                """.replace("DATA", directory.toString()));
        assertThat(faults(
                        file,
                        Map.of(
                                "HONGYAN_LINK_CERTIFICATE",
                                there.toString(),
                                "HONGYAN_LINK_KEY",
                                directory.resolve("none-link.pem").toString(),
                                "HONGYAN_LINK_AUTHORITIES",
                                there.toString())))
                .extracting(line -> line.replace(directory.toString(), "DATA"))
                .containsExactly(
                        "DATA/hongyan.yaml:5: tls.certificate: cannot read DATA/none.pem: there is no such file",
                        "DATA/hongyan.yaml:6: tls.key: cannot read DATA/none-key.pem: there is no such file",
                        "DATA/hongyan.yaml:8: tls.client_authorities: cannot read DATA/none-ca.pem: there is no such file",
                        "DATA/hongyan.yaml:10: tokens.secret_file: cannot read DATA/none-secret: there is no such file",
                        "DATA/hongyan.yaml:12: tokens.jwks.source: cannot read DATA/none.json: there is no such file",
                        "DATA/hongyan.yaml:15: tokens.opaque.secret_file: cannot read DATA: it is a directory",
                        "environment: HONGYAN_LINK_KEY: link.key: cannot read DATA/none-link.pem: there is no such file");
    }

    @Test
    void aSentenceAboutASettingWithAFaultOfItsOwnIsNotSaid() throws Exception {
        Path file = write("development: no\nlisten:\n  http: 10.0.0.1:8080\n");
        assertThat(faults(file, Map.of()))
                .contains(file + ":1: development takes true or false, not 'no'")
                .noneMatch(line -> line.contains("gives login tokens"));
    }

    @Test
    void aContradictionHasThePlaceOfWhatWasSet() throws Exception {
        Path file = write("# remote\nlisten:\n  http: 10.0.0.1:8080\n");
        assertThat(faults(file, Map.of()).get(0))
                .startsWith(
                        file + ":3: development: true gives login tokens to anybody who asks, and listen.http can be");
        assertThat(faults(null, Map.of("HONGYAN_LISTEN_HTTP", "10.0.0.1:8080")).get(0))
                .startsWith("environment: HONGYAN_LISTEN_HTTP: development: true gives");
    }

    @Test
    void aByteOrderMarkAndLineEndsOfWindowsChangeNothing() throws Exception {
        String yaml = "\uFEFFlisten:\r\n  mqtt: 127.0.0.1:2883 # here\r\n  'websocket' : \"off\"\r\n\r\n"
                + "sessions: {per_class: {mobile: 3}}\r\ndata_directory: 数据\r\n";
        Settings settings = SettingsReader.read(write(yaml), Map.of());
        assertThat(settings.listen().mqtt().port()).isEqualTo(2883);
        assertThat(settings.listen().websocket().isOff()).isTrue();
        assertThat(settings.messaging().sessions().perClass().mobile()).isEqualTo(3);
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("数据"));
        assertThat(faults(write("\uFEFF# first\r\nrolle: x\r\n"), Map.of()).get(0))
                .contains(":2: unknown key rolle");
    }

    @Test
    void whatIsNoTextIsRefusedWithItsLine() throws Exception {
        Path file = directory.resolve("hongyan.yaml");
        Files.write(file, "role: all\ndata_directory: \u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(faults(file, Map.of())).containsExactly(file + ":2: this is not UTF-8");
        Files.write(file, "role: all\n".getBytes(StandardCharsets.UTF_16));
        assertThat(faults(file, Map.of())).containsExactly(file + ":1: this is not UTF-8");
        assertThat(faults(write("role: all\n\u0000\n"), Map.of()))
                .containsExactly(file + ":2: not YAML: the character U+0000");
        assertThat(faults(write("listen:\n\tmqtt: 127.0.0.1:1\n"), Map.of()).get(0))
                .startsWith(file + ":2: not YAML: ")
                .contains("TAB");
        assertThat(faults(write("a: ".repeat(3) + "\n"), Map.of()).get(0)).startsWith(file + ":1: not YAML: ");
    }

    @Test
    void whatCannotBeReadIsRefusedWithTheReason() throws Exception {
        Path missing = directory.resolve("none.yaml");
        assertThat(faults(missing, Map.of()))
                .containsExactly("cannot read the configuration " + missing + ": there is no such file");
        assertThat(faults(directory, Map.of()))
                .containsExactly("cannot read the configuration " + directory + ": it is a directory");
        Path large = write("#".repeat(ConfigText.BYTES_MAX + 1));
        assertThat(faults(large, Map.of()).get(0)).endsWith("it has more than 1048576 bytes");
    }

    @Test
    void nestingHasALimit() throws Exception {
        StringBuilder yaml = new StringBuilder();
        for (int depth = 0; depth < 2_000; depth++) {
            yaml.append("{a: ");
        }
        Path file = write("http: " + yaml + "1" + "}".repeat(2_000) + "\n");
        assertThat(faults(file, Map.of())).anyMatch(line -> line.contains("nested too deeply"));
    }

    @Test
    void noFaultIsMoreThanOneLine() throws Exception {
        List<String> lines = faults(write("role: \"a\\nb\"\n\"x\\n\\e[31m\": 1\n"), Map.of("HONGYAN_ROLE_\n", "x"));
        assertThat(lines).hasSize(3).noneMatch(line -> line.matches("(?s).*\\p{Cntrl}.*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "http://a b/",
                "http://host:x/",
                "http:///path",
                "ftp://host/",
                "host",
                "http://h%zz/",
                "http://[::1/",
                "http://user@host/",
                "http://host/#f",
                "http://host/{x}"
            })
    void aUrlThatCannotBeUsedIsRefused(String url) throws Exception {
        assertThat(faults(write("hints:\n  webhook: '" + url + "'\n"), Map.of()))
                .singleElement()
                .asString()
                .contains(":2: hints.webhook takes an http:// or https:// URL, or off");
    }

    @Test
    void variablesOfKubernetesArePassedOverAndOthersAreNot() throws Exception {
        Map<String, String> kubernetes = Map.ofEntries(
                Map.entry("HONGYAN_SERVICE_HOST", "10.0.0.11"),
                Map.entry("HONGYAN_SERVICE_PORT", "1883"),
                Map.entry("HONGYAN_SERVICE_PORT_MQTT", "1883"),
                Map.entry("HONGYAN_PORT", "tcp://10.0.0.11:1883"),
                Map.entry("HONGYAN_PORT_1883_TCP", "tcp://10.0.0.11:1883"),
                Map.entry("HONGYAN_PORT_1883_TCP_PROTO", "tcp"),
                Map.entry("HONGYAN_PORT_1883_TCP_PORT", "1883"),
                Map.entry("HONGYAN_PORT_1883_TCP_ADDR", "10.0.0.11"),
                Map.entry("HONGYAN_HTTP_API_SERVICE_HOST", "fd00::1"),
                Map.entry("HONGYAN_HTTP_API_PORT", "tcp://[fd00::1]:80"),
                Map.entry("HONGYAN_HTTP_API_PORT_80_TCP", "tcp://[fd00::1]:80"));
        assertThat(SettingsReader.read(null, kubernetes)).isEqualTo(Settings.DEFAULT);
        for (String[] other : new String[][] {
            {"HONGYAN_PORT", "1883"},
            {"HONGYAN_MQTT_PORT", "1883"},
            {"HONGYAN_SERVICE_HOST", "not an address"},
            {"HONGYAN_PORT_1883_TCP", "yes"},
            {"HONGYAN_LISTEN_MQTT_PORT", "127.0.0.1:1"}
        }) {
            assertThat(faults(null, Map.of(other[0], other[1])))
                    .as(other[0])
                    .singleElement()
                    .asString()
                    .contains("unknown variable " + other[0]);
        }
    }

    @Test
    void whatTheLocaleCouldNotReadIsRefused() throws Exception {
        assertThat(faults(null, Map.of("HONGYAN_DATA_DIRECTORY", "\uFFFD\uFFFD"))
                        .get(0))
                .contains("data_directory takes a path that the locale can write: it has "
                        + System.getProperty("sun.jnu.encoding") + "; start this with LC_ALL=C.UTF-8");
        assertThat(faults(null, Map.of("HONGYAN_LISTEN_WEBSOCKET_PATH", "/\uFFFD"))
                        .get(0))
                .contains("UTF-8");
    }

    @Test
    void theLocaleChangesNothing() throws Exception {
        Path file = write("storage:\n  engine: mysql\ndelivery:\n  window: 7\n");
        Settings expected = SettingsReader.read(file, Map.of());
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("tr", "ar-u-nu-arab", "th-TH-u-nu-thai")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertThat(SettingsReader.read(file, Map.of("HONGYAN_LINK_SILENCE_MILLIS", "5000")))
                        .isEqualTo(expected);
                assertThat(expected.describe()).anyMatch(line -> line.contains("engine=mysql"));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    private List<String> faults(Path file, Map<String, String> environment) {
        return catchThrowableOfType(ConfigException.class, () -> SettingsReader.readToStart(file, environment))
                .getMessage()
                .lines()
                .toList();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("hongyan.yaml"), yaml);
    }
}
