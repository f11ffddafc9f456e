package io.hongyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientIdTest {
    @Test
    void threePartsAreTakenApartAndPutTogether() {
        ClientId parsed = ClientId.parse("a.b@c_d-9:android:pixel-7").orElseThrow();
        assertThat(parsed).isEqualTo(new ClientId("a.b@c_d-9", "android", "pixel-7"));
        assertThat(parsed).hasToString("a.b@c_d-9:android:pixel-7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::",
                "a",
                "a:b",
                "a::c",
                ":b:c",
                "a:b:",
                "a:b:c:d",
                "a b:web:c",
                "a:web:c/d",
                "a+:web:c",
                "a:web:#",
                "ü:web:c",
                "a|b:web:c"
            })
    void anythingElseIsRefused(String clientId) {
        assertThat(ClientId.parse(clientId)).isEmpty();
    }

    @Test
    void eachPartHasAtMost64Characters() {
        String longest = "x".repeat(64);
        assertThat(ClientId.parse(longest + ':' + longest + ':' + longest)).isPresent();
        assertThat(ClientId.parse(longest + "x:web:d")).isEmpty();
        assertThat(ClientId.parse("u:web:" + longest + 'x')).isEmpty();
    }
}
