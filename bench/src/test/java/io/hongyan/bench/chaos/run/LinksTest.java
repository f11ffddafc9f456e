package io.hongyan.bench.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinksTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String NAME = "one~other";

    private final BlockingQueue<Boolean> moves = new LinkedBlockingQueue<>();
    private ServerSocket server;
    private Links links;
    private Links.Link link;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        links = new Links(RandomGenerator.getDefault(), move -> moves.add(move.opened()));
        link = links.add(NAME, server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        links.close();
        server.close();
    }

    /** Both ends of a connection over the link. */
    private record Ends(Socket asking, Socket answering) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            asking.close();
            answering.close();
        }
    }

    private Ends connect() throws IOException {
        Socket asking = new Socket(link.address().getAddress(), link.port());
        asking.setSoTimeout(PATIENCE_MILLIS);
        Socket answering = server.accept();
        answering.setSoTimeout(PATIENCE_MILLIS);
        return new Ends(asking, answering);
    }

    private static void pass(Socket from, Socket to, byte[] bytes) throws IOException, InterruptedException {
        Thread writer = new Thread(() -> {
            try {
                from.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();
        assertThat(to.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
        writer.join();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    @Test
    void anOpenLinkPassesEverythingBothWaysAndTheEnd() throws Exception {
        try (Ends ends = connect()) {
            pass(ends.asking, ends.answering, bytes(3_000_000));
            pass(ends.answering, ends.asking, bytes(3_000_000));
            ends.asking.shutdownOutput();
            assertThat(ends.answering.getInputStream().read()).isEqualTo(-1);
            pass(ends.answering, ends.asking, bytes(100));
            ends.answering.close();
            assertThat(ends.asking.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(moves.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(moves.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void cuttingResetsConnectionsAndNewOnesUntilItIsOpenAgain() throws Exception {
        try (Ends ends = connect()) {
            links.set(NAME, Links.State.CUT);
            for (Socket end : List.of(ends.asking, ends.answering)) {
                assertThatThrownBy(() -> end.getInputStream().read()).isInstanceOf(IOException.class);
            }
        }
        assertThatThrownBy(() -> {
                    try (Socket refused = new Socket(link.address().getAddress(), link.port())) {
                        refused.setSoTimeout(PATIENCE_MILLIS);
                        refused.getInputStream().read();
                    }
                })
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
        links.set(NAME, Links.State.OPEN);
        try (Ends ends = connect()) {
            pass(ends.asking, ends.answering, bytes(10));
        }
    }

    @Test
    void aStalledLinkKeepsConnectionsAndPassesEverythingLater() throws Exception {
        try (Ends ends = connect()) {
            pass(ends.asking, ends.answering, bytes(10));
            links.set(NAME, Links.State.STALLED);
            ends.answering.setSoTimeout(500);
            // The link may accept the first connections before it knows of the change.
            ends.asking.getOutputStream().write(bytes(10));
            try (Socket late = new Socket(link.address().getAddress(), link.port())) {
                assertThat(late.isConnected()).isTrue();
                assertThatThrownBy(() -> ends.answering.getInputStream().readNBytes(11))
                        .isInstanceOf(SocketTimeoutException.class);
            }
            links.set(NAME, Links.State.OPEN);
        }
        try (Socket asking = new Socket(link.address().getAddress(), link.port())) {
            asking.getOutputStream().write(7);
            // The bytes that came while it stalled are passed on as well.
            int read = -1;
            while (read != 7) {
                try (Socket answering = server.accept()) {
                    answering.setSoTimeout(PATIENCE_MILLIS);
                    read = answering.getInputStream().read();
                }
            }
            assertThat(read).isEqualTo(7);
        }
    }

    @Test
    void aSlowLinkPassesEverythingLate() throws Exception {
        links.set(NAME, Links.State.SLOW);
        try (Ends ends = connect()) {
            long begun = System.nanoTime();
            pass(ends.asking, ends.answering, bytes(30_000));
            // Not before its time; how much later depends on the machine.
            assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300));
            links.set(NAME, Links.State.OPEN);
            pass(ends.asking, ends.answering, bytes(1_000_000));
        }
    }
}
