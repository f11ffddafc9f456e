package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RefusalsTest {
    @Test
    void everyRefusalOfTheCoreHasTheErrorCodeOfItsName() {
        for (Refusal refusal : Refusal.values()) {
            assertThat(Refusals.code(refusal).name()).isEqualTo(refusal.name());
        }
    }
}
