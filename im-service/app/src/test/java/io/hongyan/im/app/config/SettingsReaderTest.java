package io.hongyan.im.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.http.HttpScope;
import io.hongyan.im.adapter.mqtt.TopicAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class SettingsReaderTest {
    private static final String SECRET = "secret-0123456789-0123456789-0123456789";

    @TempDir
    Path directory;

    @Test
    void withoutAFileEverythingHasItsDefault() throws Exception {
        assertThat(SettingsReader.read(null, Map.of("PATH", "/bin"))).isEqualTo(Settings.DEFAULT);
        assertThat(read("")).isEqualTo(Settings.DEFAULT);
        assertThat(read("# nothing\n")).isEqualTo(Settings.DEFAULT);
    }

    @Test
    void theFileReplacesDefaultsAndTheEnvironmentReplacesTheFile() throws Exception {
        String yaml = "listen:\n  mqtt: 127.0.0.1:2883\n  websocket: off\ndata_directory: /var/lib/hongyan\n"
                + "mqtt:\n  access: open\nsessions:\n  per_class:\n    mobile: 3\nlane:\n  batch_rows_max: 1_000\n";
        Settings settings = SettingsReader.read(
                file(yaml), Map.of("HONGYAN_LISTEN_MQTT", "127.0.0.1:3883", "HONGYAN_DELIVERY_WINDOW", " 7 "));
        assertThat(settings.listen().mqtt()).isEqualTo(new ListenAddress("127.0.0.1", 3883));
        assertThat(settings.listen().websocket().isOff()).isTrue();
        assertThat(settings.dataDirectory()).isEqualTo(Path.of("/var/lib/hongyan"));
        assertThat(settings.gate().mqtt().access()).isEqualTo(TopicAccess.OPEN);
        assertThat(settings.messaging().sessions().perClass().mobile()).isEqualTo(3);
        assertThat(settings.messaging().sessions().perClass().desktop()).isEqualTo(1);
        assertThat(settings.messaging().messages().lane().batchRowsMax()).isEqualTo(1_000);
        assertThat(settings.messaging().messages().delivery().windowEntriesMax())
                .isEqualTo(7);
    }

    @Test
    void everySettingCanBeSetFromTheEnvironmentWithItsOwnDefault() throws Exception {
        for (Keys.Entry entry : Keys.flatten(Settings.DEFAULT)) {
            String value = entry.value() instanceof List<?> ? "" : entry.value().toString();
            assertThat(SettingsReader.read(null, Map.of(Keys.environmentName(entry.key()), value)))
                    .as(entry.key())
                    .isEqualTo(Settings.DEFAULT);
        }
    }

    @Test
    void unknownKeysAreRefusedWithTheLineAndTheNearestKey() {
        assertFault("listen:\n  mqqt: 127.0.0.1:1\n", ":2: unknown key listen.mqqt; did you mean listen.mqtt?");
        assertFault("data_dir: x\n", ":1: unknown key data_dir; did you mean data_directory?");
        assertFault("\n\nlisten_mqtt: x\n", ":3: unknown key listen_mqtt; did you mean listen.mqtt?");
        assertThatThrownBy(() -> SettingsReader.read(null, Map.of("HONGYAN_LISTEN_MQQT", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("environment: unknown variable HONGYAN_LISTEN_MQQT; did you mean HONGYAN_LISTEN_MQTT?");
    }

    @Test
    void valuesThatDoNotFitAreRefusedWithTheLineAndTheReason() {
        assertFault("delivery:\n  window: 0\n", ":2: delivery.window takes a number from 1 to 8192, not '0'");
        assertFault("delivery:\n  window: many\n", "delivery.window takes a number from 1 to 8192, not 'many'");
        assertFault("delivery:\n  window:\n", "delivery.window takes a number from 1 to 8192, not ''");
        assertFault("development: maybe\n", ":1: development takes true or false, not 'maybe'");
        assertFault("mqtt:\n  access: all\n", ":2: mqtt.access takes own or open, not 'all'");
        assertFault("listen:\n  http: 8080\n", ":2: listen.http takes HOST:PORT or off, not '8080'");
        assertFault("listen:\n  http: 127.0.0.1:99999\n", "listen.http takes HOST:PORT or off");
        assertFault("listen: 7\n", ":1: listen is a section: its settings must be indented below it");
        assertFault("data_directory:\n  x: 1\n", "data_directory must be a single value, without settings below it");
        assertFault("data_directory: [a]\n", ":1: data_directory must not be a list");
        assertThatThrownBy(() -> SettingsReader.read(null, Map.of("HONGYAN_DELIVERY_WINDOW", "-")))
                .hasMessage("environment: HONGYAN_DELIVERY_WINDOW: "
                        + "delivery.window takes a number from 1 to 8192, not '-'");
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        assertThatThrownBy(() -> read("a: 1\nb: 2\ndelivery:\n  window: x\n"))
                .hasMessageContaining(":1: ")
                .hasMessageContaining(":2: ")
                .hasMessageContaining(":4: ");
    }

    @Test
    void whatIsNotYamlIsRefusedWithTheLine() {
        assertFault("listen:\n  mqtt: [\n", ":");
        assertFault("- a\n", ":1: expected 'key: value'");
        assertFault("mqtt:\n  access: own\nmqtt:\n  access: own\n", "twice");
        assertThatThrownBy(() -> SettingsReader.read(directory.resolve("missing.yaml"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot read the configuration");
    }

    @Test
    void developmentAndAListenerForOthersExcludeEachOther() throws Exception {
        assertFault("listen:\n  mqtt: 0.0.0.0:1883\n  websocket: off\n", "set development: false");
        assertFault("listen:\n  http: 10.0.0.1:8080\n", "set development: false");
        assertThat(read("development: false\nlisten:\n  http: 10.0.0.1:8080\n  allow_plaintext: true\n")
                        .access()
                        .development())
                .isFalse();
        assertThat(read("development_allow_remote: true\nlisten:\n  http: 10.0.0.1:8080\n  allow_plaintext: true\n")
                        .access()
                        .development())
                .isTrue();
    }

    @Test
    void contradictionsAreRefused() throws Exception {
        assertFault("listen:\n  mqtt: off\n  websocket: off\n", "are all off");
        assertFault("listen:\n  mqtts: 127.0.0.1:8883\n", "listen.mqtts needs tls.certificate and tls.key");
        assertFault("tls:\n  key: x\n", "tls.certificate and tls.key go together");
        assertFault(
                "development: false\nlisten:\n  mqtt: 0.0.0.0:1883\n",
                "listen.mqtt can be reached from other machines without TLS");
        assertThat(read("development: false\nlisten:\n  mqtt: 0.0.0.0:1883\n  allow_plaintext: true\n")
                        .listen()
                        .allowPlaintext())
                .isTrue();
        assertFault(
                "http:\n  body_bytes_max: 1000000\n  held_bytes_max: 1500000\n", "less than twice http.body_bytes_max");
        for (String url : List.of("u:hidden@h/db", "h/db?sslMode=REQUIRED&password=hidden", "h/db?Password1=hidden")) {
            assertFault(
                    "storage:\n  engine: mysql\n  mysql:\n    url: jdbc:mysql://" + url + "\n",
                    "takes neither user nor password");
        }
        assertFault("rocketmq:\n  push_enabled: true\n", "rocketmq.push_enabled needs rocketmq.name_servers");
        assertFault(
                "rocketmq:\n  name_servers: h:1\n  push_enabled: true\n  push_topic: hongyan-feed\n",
                "cannot be the same");
        assertFault("rocketmq:\n  push_topic: a b\n", "'a b' is not one");
        assertFault("messages:\n  content_bytes_max: 2000000\n", "is above mqtt.packet_bytes_max");
        assertFault("clients:\n  version_min: 2\n", "clients.version_recommended is below clients.version_min");
        assertFault("discovery:\n  mqtt: gate1.example.com\n", "discovery.mqtt takes mqtt://HOST:PORT");
        assertFault("discovery:\n  websocket: http://gate1.example.com/mqtt\n", "takes a ws:// or wss:// URL");
    }

    @Test
    void aPlainListenerForOtherMachinesNeedsAProxyThatDoesTls() throws Exception {
        List<String> plain = List.of("mqtt", "websocket", "http");
        for (String name : plain) {
            String open = "development: false\nlisten:\n  " + name + ": 0.0.0.0:1999\n";
            String refused = "listen." + name + " can be reached from other machines without TLS";
            assertFault(open, refused);
            for (String proxied : plain) {
                String proxy = "proxy:\n  listeners: " + proxied + "\n  networks: 10.0.0.0/24\n";
                assertFault(open + proxy, refused);
                if (proxied.equals(name)) {
                    Settings settings = read(open + proxy + "  tls_in_front: true\n");
                    assertThat(settings.gate().proxy().tlsInFront()).isTrue();
                    assertThat(settings.listen().allowPlaintext()).isFalse();
                } else {
                    assertFault(open + proxy + "  tls_in_front: true\n", refused);
                }
            }
        }
        assertFault("proxy:\n  tls_in_front: true\n", "proxy.tls_in_front needs proxy.listeners and proxy.networks");
    }

    @Test
    void sectionsWithNamesOfTheOperatorsOwnAreRead() throws Exception {
        String yaml = "http:\n  keys:\n    crm:\n      secret: " + SECRET + "\n      scopes: [groups, users]\n"
                + "    audit:\n      secret_file: /etc/hongyan/audit\n      scopes: feed\n";
        Settings settings = SettingsReader.read(
                file(yaml), Map.of("HONGYAN_HTTP_KEYS_AUDIT_SCOPES", "feed, push", "HONGYAN_HTTP_THREADS_MAX", "3"));
        assertThat(settings.access().http().limits().threadsMax()).isEqualTo(3);
        assertThat(settings.access().http().keys()).containsOnlyKeys("crm", "audit");
        HttpKey crm = settings.access().http().keys().get("crm");
        assertThat(crm.secret().text()).isEqualTo(SECRET);
        assertThat(crm.scopes()).containsExactly(HttpScope.GROUPS, HttpScope.USERS);
        HttpKey audit = settings.access().http().keys().get("audit");
        assertThat(audit.secretFile()).isEqualTo(Path.of("/etc/hongyan/audit"));
        assertThat(audit.scopes()).containsExactly(HttpScope.FEED, HttpScope.PUSH);
    }

    @Test
    void secretsAreNotShown() throws Exception {
        Settings settings = read("http:\n  keys:\n    crm:\n      secret: " + SECRET + "\n      scopes: groups\n");
        assertThat(settings.describe()).anyMatch(line -> line.contains("keys.crm.secret=(secret)"));
        assertThat(settings.describe() + settings.toString()).doesNotContain(SECRET);
        assertThatThrownBy(() -> read("http:\n  keys:\n    crm:\n      secret: shortSecret\n      scopes: groups\n"))
                .hasMessage(directory.resolve("hongyan.yaml")
                        + ":4: http.keys.crm.secret must have at least 32 characters");
    }

    @Test
    void whatIsBehindTheQuestionMarkOfAUrlIsNotShown() throws Exception {
        String url = "https://sso.example.com/ask?key=" + SECRET;
        Settings settings = read("hints:\n  webhook: " + url + "\ntokens:\n  jwks:\n    source: " + url
                + "\n  opaque:\n    url: " + url + "\n");
        assertThat(settings.outlets().hints().webhook().text()).isEqualTo(url);
        assertThat(settings.describeEach())
                .contains(
                        "hints.webhook=https://sso.example.com/ask?(not shown)",
                        "tokens.jwks.source=https://sso.example.com/ask?(not shown)",
                        "tokens.opaque.url=https://sso.example.com/ask?(not shown)");
        assertThat(settings.describe() + settings.toString()).doesNotContain(SECRET);
        for (String section :
                List.of("hints:\n  webhook", "tokens:\n  jwks:\n    source", "tokens:\n  opaque:\n    url")) {
            assertThatThrownBy(() -> read(section + ": ftp://h/p?key=" + SECRET + "\n"))
                    .hasMessageContaining(" takes ")
                    .hasMessageNotContaining(SECRET);
        }
        assertThatThrownBy(() -> SettingsReader.readToStart(
                        file("tokens:\n  jwks:\n    source: https:/sso.example.com/keys?key=" + SECRET + "\n"),
                        Map.of()))
                .hasMessageContaining("tokens.jwks.source: cannot read")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void networksAreReadAndWhatIsNoneIsRefusedWithItsLine() throws Exception {
        assertThat(read("flood:\n  deny: [203.0.113.0/24, '2001:db8::/32']\n").describeEach())
                .contains("flood.deny=203.0.113.0/24,2001:db8:0:0:0:0:0:0/32");
        assertFault("flood:\n  exempt: example.com\n", ":2: flood.exempt: 'example.com' is not a network such as");
    }

    @Test
    void sectionsWithNamesAreCheckedLikeOthers() {
        String crm = "http:\n  keys:\n    crm:\n";
        assertFault(crm + "      scopes: groups\n", "http.keys.crm takes either secret or secret_file");
        assertFault(crm + "      secret_file: x\n", "http.keys.crm.scopes is empty");
        assertFault(crm + "      scopes: [groups, all]\n", ":4: http.keys.crm.scopes takes a list of groups, users");
        assertFault(crm + "      secrets: x\n", ":4: unknown key http.keys.crm.secrets");
        assertFault(crm + "      scopes:\n        - [a]\n", "must be a list of single values");
        assertFault("http:\n  keys:\n    a b:\n      secret: x\n", ":3: the name a b below http.keys");
        assertFault("http:\n  keys: [crm]\n", ":2: http.keys must not be a list");
        assertThatThrownBy(() -> SettingsReader.read(null, Map.of("HONGYAN_HTTP_KEYS_CRM_SECRET", SECRET)))
                .hasMessageContaining("unknown variable HONGYAN_HTTP_KEYS_CRM_SECRET")
                .hasMessageNotContaining(SECRET);
    }

    private Settings read(String yaml) throws Exception {
        return SettingsReader.read(file(yaml), Map.of());
    }

    private void assertFault(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("hongyan.yaml"), yaml);
    }
}
