package io.hongyan.broker.server.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a port lets in, by the address of the other end, and who must show the header of a proxy first. */
@Timeout(30)
class MeetTest {
    private static final String HEADER = "PROXY TCP4 198.51.100.7 192.0.2.1 4 1883\r\n";

    private final List<Channel> served = new ArrayList<>();
    /** What the service of the port meets. */
    private Error trouble;

    /** Of a socket that came from an address that this machine need not have. */
    private static final class From extends EmbeddedChannel {
        private final InetSocketAddress peer;

        From(String address) {
            // In a server the handler that calls the code under test is there already.
            super(new ChannelInboundHandlerAdapter());
            this.peer = new InetSocketAddress(address, 40_000);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return peer;
        }
    }

    private Proxies meet(Channel accepted, boolean behindProxy, boolean tlsInFront) {
        Proxies proxies = new Proxies(List.of("10.0.0.0/24", "fd00::/64"), tlsInFront, 3_000);
        try (Edge edge = new Edge(new EventLoops(), null, new Handshakes(1), proxies, System::nanoTime)) {
            Listener.meet(accepted, new Port(Port.Service.MQTT, "127.0.0.1", 0, false, behindProxy), edge, this::serve);
        }
        return proxies;
    }

    private void serve(Channel channel) {
        if (trouble != null) {
            throw trouble;
        }
        served.add(channel);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9", "2001:db8::9", "10.0.1.1", "192.168.0.1", "::ffff:203.0.113.9"})
    void whereTlsIsInFrontAStrangerIsClosed(String address) {
        EmbeddedChannel stranger = new From(address);

        Proxies proxies = meet(stranger, true, true);

        assertThat(stranger.isOpen()).isFalse();
        assertThat(served).isEmpty();
        assertThat(proxies.refused()).isEqualTo(1);
        assertThat(proxies.headers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true, true",
        "127.9.9.9, true, true",
        "::1, true, true",
        "203.0.113.9, true, false",
        "203.0.113.9, false, true",
        "10.0.0.7, false, true"
    })
    void thisMachineIsLetInAndOthersWhereNothingForbidsIt(String address, boolean behindProxy, boolean tlsInFront) {
        EmbeddedChannel client = new From(address);

        Proxies proxies = meet(client, behindProxy, tlsInFront);

        assertThat(served).containsExactly(client);
        assertThat(client.isOpen()).isTrue();
        assertThat(proxies.refused()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.7, true", "10.0.0.7, false", "fd00::7, true"})
    void aProxyIsLetInWithItsHeader(String address, boolean tlsInFront) {
        EmbeddedChannel client = new From(address);

        Proxies proxies = meet(client, true, tlsInFront);
        assertThat(served).isEmpty();
        assertThat(client.isOpen()).isTrue();
        client.writeInbound(Unpooled.copiedBuffer(HEADER, StandardCharsets.US_ASCII));

        assertThat(served).containsExactly(client);
        assertThat(ClientAddress.of(client).getHostString()).isEqualTo("198.51.100.7");
        assertThat(proxies.headers()).isEqualTo(1);
        client.finishAndReleaseAll();
    }

    /** The process is to end; here only its handler is told. */
    @Test
    void aFatalErrorBehindTheHeaderComesToTheHandlerOfTheProcess() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        List<Throwable> fatal = new ArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> fatal.add(failure));
        try {
            for (Error error : List.of(new StackOverflowError(), new InternalError("service"))) {
                EmbeddedChannel client = new From("10.0.0.7");
                trouble = error;
                meet(client, true, false);
                client.writeInbound(Unpooled.copiedBuffer(HEADER, StandardCharsets.US_ASCII));
                assertThat(client.isOpen()).isFalse();
                client.finishAndReleaseAll();
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(fatal).singleElement().isSameAs(trouble);
    }
}
