package io.hongyan.bench.hostile;

import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A plain socket that writes any bytes, from any address of loopback. */
final class Raw implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 1_000;
    private static final int ANSWER_BYTES_MAX = 16 << 10;

    private Socket socket;

    private Raw(Socket socket) {
        this.socket = socket;
    }

    /** Opens sockets of one attack, with its own source addresses, and closes those left over from a round. */
    static final class Sockets implements AutoCloseable {
        private static final int OPEN_MAX = 800;
        private static final int NARROW_BYTES = 4 << 10;
        private static final int HOLD_STEP_MILLIS = 100;

        private final int net;
        private final BenchTime time;
        private final List<Raw> open = Collections.synchronizedList(new ArrayList<>());
        private int opened;

        /** @param net 1 to 254: source addresses are 127.{@code net}.x.y */
        Sockets(int net, BenchTime time) {
            this.net = net;
            this.time = time;
        }

        Raw open(InetSocketAddress to) throws IOException {
            return open(to, opened++ % 16);
        }

        /** @param source number of the source address, 0 to 65,535 */
        Raw open(InetSocketAddress to, int source) throws IOException {
            return open(to, source, 0);
        }

        /** @param receiveBytes what is received and not read yet, about; 0 = as the system has it */
        private Raw open(InetSocketAddress to, int source, int receiveBytes) throws IOException {
            if (open.size() >= OPEN_MAX) {
                closeAll();
            }
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                if (receiveBytes > 0) {
                    socket.setReceiveBufferSize(receiveBytes);
                }
                socket.setSoTimeout(READ_MILLIS);
                byte[] address = {127, (byte) net, (byte) (source >> 8), (byte) source};
                socket.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
                socket.connect(to, CONNECT_MILLIS);
            } catch (IOException | RuntimeException refused) {
                socket.close();
                throw refused;
            }
            Raw raw = new Raw(socket);
            open.add(raw);
            return raw;
        }

        /** A client that has logged in. */
        Raw login(Target target, String uid, String device) throws IOException {
            return login(open(target.mqtt()), target, uid, device);
        }

        /** A client that has logged in, with so small a receive buffer that the server soon notices when it does not read. */
        Raw loginNarrow(Target target, String uid, String device) throws IOException {
            return login(open(target.mqtt(), opened++ % 16, NARROW_BYTES), target, uid, device);
        }

        private static Raw login(Raw raw, Target target, String uid, String device) throws IOException {
            raw.send(Packets.connect(uid, device, target.tokenOf().apply(uid)));
            raw.read();
            return raw;
        }

        void pause(long millis) {
            time.pause(millis);
        }

        /** Keeps the sockets open for so long, or until the attack must end. */
        void hold(Target target, long millis) {
            for (long left = millis; left > 0 && !target.over().getAsBoolean(); left -= HOLD_STEP_MILLIS) {
                time.pause(HOLD_STEP_MILLIS);
            }
        }

        /** Also from another thread, which then breaks off what an attack waits for. */
        void closeAll() {
            synchronized (open) {
                open.forEach(Raw::close);
                open.clear();
            }
        }

        @Override
        public void close() {
            closeAll();
        }
    }

    /** Uses TLS from here on; the handshake is done. */
    SSLSocket secure(SSLContext context, String protocol) throws IOException {
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        secured.setEnabledProtocols(new String[] {protocol});
        secured.startHandshake();
        socket = secured;
        return secured;
    }

    Raw send(byte[]... packets) throws IOException {
        for (byte[] packet : packets) {
            socket.getOutputStream().write(packet);
        }
        return this;
    }

    /** The stream to which {@link #send} writes now. */
    OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    /** What has come, up to a limit; waits a second at most. */
    byte[] read() throws IOException {
        byte[] answer = new byte[ANSWER_BYTES_MAX];
        int length = Math.max(0, socket.getInputStream().read(answer));
        return Arrays.copyOf(answer, length);
    }

    /** Reads what comes until nothing more does for a second, or the server has closed the connection. */
    void drain(Target target) throws IOException {
        while (!target.over().getAsBoolean() && read().length > 0) {
            // What comes is of no interest, but would be lost with the socket, and with it what was sent.
        }
    }

    @Override
    public void close() {
        try {
            // No TIME_WAIT: thousands of these would use up the ports of an address.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // It is closed, as intended.
        }
    }
}
