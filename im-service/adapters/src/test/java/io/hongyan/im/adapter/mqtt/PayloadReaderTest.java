package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.protocol.v1.HistoryRequest;
import io.hongyan.protocol.v1.ReadMark;
import io.hongyan.protocol.v1.SendRequest;
import org.junit.jupiter.api.Test;

/** What is read of any request by the names of its fields, also where it has none of that name. */
class PayloadReaderTest {
    @Test
    void theVersionOfTheProtocolIsReadWhereThereIsOne() {
        assertThat(PayloadReader.protocolVersion(HistoryRequest.newBuilder().setProtocolVersion(3)))
                .isEqualTo(3);
        assertThat(PayloadReader.protocolVersion(HistoryRequest.newBuilder())).isZero();
        assertThat(PayloadReader.protocolVersion(ReadMark.newBuilder())).isZero();
    }

    @Test
    void theIdOfARequestIsReadWhereThereIsOne() {
        assertThat(PayloadReader.requestId(HistoryRequest.newBuilder().setRequestId("r1")))
                .isEqualTo("r1");
        assertThat(PayloadReader.requestId(SendRequest.newBuilder().setClientMessageId("m1")))
                .isEqualTo("m1");
        assertThat(PayloadReader.requestId(ReadMark.newBuilder())).isEmpty();
    }
}
