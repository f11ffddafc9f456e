package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A login is over when the subscription is granted, or without one when the connection is accepted. */
@Timeout(10)
class MqttLoginTest {
    private static final String CONNECT = "1019 00044d515454 04 c2 003c 0005613a623a63 000161 0003736563";
    private static final String SUBSCRIBE = "820a 0001 0005752f612f23 01";
    private static final String CONNACK = "20020000";
    private static final String SUBACK = "9003000101";

    /** What a server answers, and what it was sent. */
    private static final class Answering extends Socket {
        private final InputStream in;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Answering(String... packets) {
            in = new ByteArrayInputStream(bytes(String.join("", packets)));
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return out;
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static MqttLogin login(String filter) {
        return new MqttLogin("a:b:c", "a", "sec", filter);
    }

    @Test
    void itSubscribesAfterConnackAndEndsWithSuback() throws IOException {
        Answering server = new Answering(CONNACK, SUBACK);
        login("u/a/#").in(server);
        assertThat(server.out.toByteArray()).isEqualTo(bytes(CONNECT + SUBSCRIBE));
        assertThat(server.in.available()).isZero();
    }

    @Test
    void withoutAFilterItEndsWithConnack() throws IOException {
        Answering server = new Answering(CONNACK);
        login(null).in(server);
        assertThat(server.out.toByteArray()).isEqualTo(bytes(CONNECT));
    }

    @Test
    void whatComesBeforeSubackIsPassedOver() throws IOException {
        String notice = "308101 0001 78" + "00".repeat(126);
        Answering server = new Answering(CONNACK, notice, SUBACK);
        login("u/a/#").in(server);
        assertThat(server.in.available()).isZero();
    }

    @Test
    void aRefusalIsAFailure() {
        assertThatThrownBy(() -> login("u/a/#").in(new Answering("20020005")))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("refused with code 5");
        assertThatThrownBy(() -> login("u/a/#").in(new Answering(CONNACK, "9003000180")))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("subscription of a was refused");
        assertThatThrownBy(() -> login("u/a/#").in(new Answering(CONNACK))).isInstanceOf(EOFException.class);
    }
}
