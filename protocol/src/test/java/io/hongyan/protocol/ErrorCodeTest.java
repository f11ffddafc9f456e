package io.hongyan.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.protocol.v1.Code;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ErrorCodeTest {
    @Test
    void everyCodeButOkHasOneEntryOfTheSameName() {
        var expected = Arrays.stream(Code.values())
                .filter(code -> code != Code.OK && code != Code.UNRECOGNIZED)
                .map(Enum::name)
                .collect(Collectors.toList());
        assertThat(ErrorCode.values()).extracting(Enum::name).containsExactlyElementsOf(expected);
        assertThat(ErrorCode.values())
                .allSatisfy(error -> assertThat(error.code().name()).isEqualTo(error.name()));
    }

    @Test
    void everyRefusalIsAnMqttErrorAndAnHttpError() {
        assertThat(ErrorCode.values()).allSatisfy(error -> {
            assertThat(error.mqttReason()).isBetween(0x80, 0xff);
            assertThat(error.httpStatus()).isBetween(400, 599);
        });
    }
}
