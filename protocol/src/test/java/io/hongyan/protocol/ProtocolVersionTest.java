package io.hongyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolVersionTest {
    @Test
    void aVersionIsAWholeNumberInDigits() {
        assertThat(ProtocolVersion.parse("1")).isEqualTo(1);
        assertThat(ProtocolVersion.parse("007")).isEqualTo(7);
        assertThat(ProtocolVersion.parse("999999999")).isEqualTo(999_999_999);
    }

    @Test
    void whoTellsNoneSpeaksTheFirst() {
        assertThat(ProtocolVersion.parse(null)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "000", "-1", "+1", " 1", "1.0", "v2", "1000000000", "99999999999999999999", "٣"})
    void whatIsNoVersionIsNone(String text) {
        assertThat(ProtocolVersion.parse(text)).isZero();
    }
}
