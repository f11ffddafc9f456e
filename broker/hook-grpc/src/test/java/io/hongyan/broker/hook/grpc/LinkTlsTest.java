package io.hongyan.broker.hook.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.RecordingHook;
import io.hongyan.metrics.Counters;
import io.hongyan.runtime.pem.KeyFiles;
import io.hongyan.runtime.pem.PemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links with mutual TLS, and certificates that change while links are open. */
@Timeout(60)
class LinkTlsTest {
    private final Links links = new Links();
    private final RecordingHook hook = new RecordingHook();
    private final GateRouter router = new GateRouter();
    private final RecordingControl broker = new RecordingControl();
    private final RecordingPresence presence = new RecordingPresence();

    @BeforeEach
    void patience() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        links.close();
        Awaitility.reset();
    }

    @Test
    void withCertificatesOnlyEndsThatTrustEachOtherTalk() throws Exception {
        try (TestCertificates certificates = new TestCertificates("node", "gate", "stranger")) {
            GateLinks node = links.node(
                    0, hook, router, Links.QUICK, certificates.of("node", "gate"), new Counters<>(LinkCounter.class));
            Counters<LinkCounter> refused = new Counters<>(LinkCounter.class);
            NodeLink stranger = links.gate(
                    "gate-2",
                    broker,
                    new RecordingPresence(),
                    Links.QUICK,
                    certificates.of("stranger", "node"),
                    refused,
                    node.port());
            NodeLink plain = links.gate("gate-3", broker, new RecordingPresence(), Links.QUICK, node.port());
            NodeLink distrustful = links.gate(
                    "gate-4",
                    broker,
                    new RecordingPresence(),
                    Links.QUICK,
                    certificates.of("gate", "stranger"),
                    new Counters<>(LinkCounter.class),
                    node.port());
            NodeLink friend = links.gate(
                    Links.GATE,
                    broker,
                    presence,
                    Links.QUICK,
                    certificates.of("gate", "node"),
                    new Counters<>(LinkCounter.class),
                    node.port());
            Links.up(friend);
            await().until(() -> refused.value(LinkCounter.ATTEMPTS_FAILED) > 1);
            assertThat(stranger.up()).isFalse();
            assertThat(plain.up()).isFalse();
            assertThat(distrustful.up()).isFalse();
            assertThat(node.links()).isEqualTo(1);
        }
    }

    /** A missing file of certificates is reported at once. */
    @Test
    void aMissingCertificateIsAnErrorOfTheStart() {
        KeyFiles missing = new KeyFiles(Path.of("none.pem"), Path.of("none.pem"), Path.of("none.pem"));
        assertThatThrownBy(() -> new LinkTls(missing, InstantSource.system()))
                .isInstanceOf(PemException.class)
                .hasMessageContaining("cannot read none.pem");
    }

    /** Both ends load new certificates and authorities while the open link stays. */
    @Test
    void newCertificatesAreTakenForNewLinksAndOldLinksStay() throws Exception {
        try (TestCertificates certificates = new TestCertificates("node", "gate", "node-2", "gate-2")) {
            LinkTls ofNode = certificates.copied("of-node", "node", "gate");
            LinkTls ofGate = certificates.copied("of-gate", "gate", "node");
            GateLinks node = links.node(0, hook, router, Links.QUICK, ofNode, new Counters<>(LinkCounter.class));
            NodeLink before = Links.up(links.gate(
                    Links.GATE, broker, presence, Links.QUICK, ofGate, new Counters<>(LinkCounter.class), node.port()));

            certificates.replace("of-node", "node-2", "gate-2");
            ofNode.look();
            ofNode.look();
            assertThat(ofNode.reloads()).isEqualTo(1);
            Counters<LinkCounter> refused = new Counters<>(LinkCounter.class);
            NodeLink old =
                    links.gate("gate-2", broker, new RecordingPresence(), Links.QUICK, ofGate, refused, node.port());
            await().until(() -> refused.value(LinkCounter.ATTEMPTS_FAILED) > 1);
            assertThat(old.up()).as("with the certificate of before").isFalse();

            certificates.replace("of-gate", "gate-2", "node-2");
            assertThat(ofGate.reload()).isTrue();
            Links.up(old);
            assertThat(before.up()).isTrue();
            assertThat(node.links()).isEqualTo(2);
        }
    }

    @Test
    void aNewCertificateThatCannotBeUsedChangesNothing() throws Exception {
        try (TestCertificates certificates = new TestCertificates("node", "gate", "other")) {
            LinkTls ofNode = certificates.copied("of-node", "node", "gate");
            GateLinks node = links.node(0, hook, router, Links.QUICK, ofNode, new Counters<>(LinkCounter.class));
            certificates.replaceKey("of-node", "other");
            ofNode.look();
            assertThat(ofNode.failures()).as("not while files may still change").isZero();
            ofNode.look();
            ofNode.look();
            assertThat(ofNode.failures()).as("told once").isEqualTo(1);
            assertThat(ofNode.reloads()).isZero();
            Links.up(links.gate(
                    Links.GATE,
                    broker,
                    presence,
                    Links.QUICK,
                    certificates.of("gate", "node"),
                    new Counters<>(LinkCounter.class),
                    node.port()));
        }
    }
}
