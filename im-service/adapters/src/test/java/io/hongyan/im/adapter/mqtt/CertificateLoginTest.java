package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.broker.hook.ClientCertificate;
import io.hongyan.im.core.session.TokenFacts;
import io.hongyan.im.core.session.TokenVerdict.Genuine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class CertificateLoginTest {
    private static final TokenFacts FACTS = new TokenFacts(100, 100, 200);

    private static Genuine identify(List<String> patterns, String... names) {
        return new CertificateLogin(patterns).identify(new ClientCertificate(List.of(names), 100, 200));
    }

    @Test
    void theFirstPatternThatFitsDecides() {
        List<String> patterns = List.of("uri:urn:im:{uid}/{device}", "dns:{device}.{uid}.im.example.com", "cn:{uid}");
        assertThat(identify(patterns, "cn:x", "uri:urn:im:alice/phone"))
                .isEqualTo(new Genuine("alice", "phone", null, FACTS));
        assertThat(identify(patterns, "dns:lamp.bob.im.example.com"))
                .isEqualTo(new Genuine("bob", "lamp", null, FACTS));
        assertThat(identify(patterns, "cn:carol")).isEqualTo(new Genuine("carol", null, null, FACTS));
        assertThat(identify(patterns, "uri:cn:carol", "dns:carol")).isNull();
        assertThat(identify(patterns)).isNull();
        assertThat(new CertificateLogin(patterns).identify(null)).isNull();
        assertThat(identify(List.of(), "cn:carol")).isNull();
    }

    @Test
    void whatIsNoPlaceholderIsTakenByTheLetter() {
        assertThat(identify(List.of("cn:a.b+{uid}"), "cn:axb+carol")).isNull();
        assertThat(identify(List.of("cn:a.b+{uid}"), "cn:a.b+carol").uid()).isEqualTo("carol");
        assertThat(identify(List.of("cn:{uid}"), "cn:carol smith")).isNull();
        assertThat(identify(List.of("cn:{uid}"), "cn:carol\n")).isNull();
        assertThat(identify(List.of("cn:{uid}"), "cn:" + "x".repeat(65))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{uid}", "cn:alice", "cn:{uid}{uid}", "uri:{user}", "email:{uid}", "cn:{platform}", "cn:{uid}{}"
            })
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> new CertificateLogin(List.of(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + pattern + "'");
    }
}
