package io.hongyan.broker.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that sends exactly the given bytes and reads packet by packet, over TCP or WebSocket. */
final class WireClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final byte[] MASK = {1, 2, 3, 4};

    final int level;
    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final boolean webSocket;

    private WireClient(int level, Socket socket, boolean webSocket) throws IOException {
        this.level = level;
        this.socket = socket;
        this.webSocket = webSocket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.out = socket.getOutputStream();
        InputStream raw = new BufferedInputStream(socket.getInputStream());
        if (webSocket) {
            upgrade(raw);
            this.in = new FrameStream(raw);
        } else {
            this.in = raw;
        }
    }

    static WireClient tcp(int level, int port) throws IOException {
        return new WireClient(level, new Socket("127.0.0.1", port), false);
    }

    /** Over a socket that is connected. */
    static WireClient over(int level, Socket connected) throws IOException {
        return new WireClient(level, connected, false);
    }

    static WireClient tcpFrom(String source, int level, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(source, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return new WireClient(level, socket, false);
    }

    /** With so small a receive buffer that an idle reader is noticed soon. */
    static WireClient tcpNarrow(int level, int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return new WireClient(level, socket, false);
    }

    static WireClient webSocket(int level, int port) throws IOException {
        return new WireClient(level, new Socket("127.0.0.1", port), true);
    }

    static WireClient webSocketNarrow(int level, int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return new WireClient(level, socket, true);
    }

    /** Where the server has closed the connection, what is read next tells. */
    WireClient send(byte[]... packets) throws IOException {
        byte[] bytes = Wire.join(packets);
        if (webSocket) {
            sendFrame(0x82, bytes);
        } else {
            write(bytes);
        }
        return this;
    }

    private void write(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
            out.flush();
        } catch (SocketException closed) {
            // What came before is still to be read.
        }
    }

    void sendFrame(int first, byte[] bytes) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (bytes.length < 126) {
            frame.write(0x80 | bytes.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(bytes.length >>> 8);
            frame.write(bytes.length);
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < bytes.length; i++) {
            frame.write(bytes[i] ^ MASK[i % 4]);
        }
        write(frame.toByteArray());
    }

    /** Connects as a messaging client and waits for the answer. */
    WireClient connected(String clientId) throws IOException {
        return connected(new Wire.Connect(level, clientId));
    }

    WireClient connected(Wire.Connect connect) throws IOException {
        Packet answer = send(connect.bytes()).read();
        if (answer.type() != 2 || answer.connectCode() != 0) {
            throw new IOException("Refused: " + answer);
        }
        return this;
    }

    WireClient subscribed(int qos, String... filters) throws IOException {
        Packet answer = send(Wire.subscribe(level, 1, qos, filters)).read();
        if (answer.type() != 9 || answer.codes(level)[0] > 2) {
            throw new IOException("Refused: " + answer);
        }
        return this;
    }

    Packet read() throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException("closed");
        }
        int length = 0;
        int digit;
        int shift = 0;
        do {
            digit = in.read();
            length |= (digit & 127) << shift;
            shift += 7;
        } while ((digit & 128) != 0);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("closed within a packet");
        }
        return new Packet(first, body);
    }

    /** Reads until the server closes, with much patience; false where it does not. */
    boolean closed() throws IOException {
        return closedWithin(PATIENCE_MILLIS);
    }

    /** Reads until the server closes; true if it does so within the time. */
    boolean closedWithin(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            while (in.read() >= 0) {
                // Further packets are ignored.
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
            }
        }
    }

    /** True if nothing comes within the time. */
    boolean silentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        in.mark(1);
        try {
            int next = in.read();
            in.reset();
            return next < 0;
        } catch (SocketTimeoutException nothing) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Closes with RST. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void upgrade(InputStream raw) throws IOException {
        String request = "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n"
                + "Sec-WebSocket-Version: 13\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int next = raw.read();
            if (next < 0) {
                throw new EOFException("no upgrade");
            }
            answer.append((char) next);
        }
        if (!answer.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("No upgrade: " + answer);
        }
    }

    /** The contents of the server's binary frames. */
    private static final class FrameStream extends InputStream {
        private final InputStream raw;
        private int left;

        FrameStream(InputStream raw) {
            this.raw = raw;
        }

        @Override
        public int read() throws IOException {
            while (left == 0) {
                int first = raw.read();
                if (first < 0 || (first & 15) == 8) {
                    return -1;
                }
                left = raw.read();
                if (left == 126) {
                    left = raw.read() << 8 | raw.read();
                } else if (left == 127) {
                    raw.readNBytes(4);
                    left = raw.read() << 24 | raw.read() << 16 | raw.read() << 8 | raw.read();
                }
            }
            left--;
            return raw.read();
        }
    }
}
