package io.hongyan.im.adapter.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A socket on which tests write what no well-behaved client would. */
final class RawHttp implements AutoCloseable {
    private static final int READ_MILLIS_MAX = 20_000;

    private final Socket socket;
    private final InputStream in;

    /** An answer as it came. */
    record Raw(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    RawHttp(int port) throws IOException {
        this(port, "127.0.0.1");
    }

    /** @param from an address of this machine, as which the client is seen */
    RawHttp(int port, String from) throws IOException {
        this(new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(from), 0));
    }

    private RawHttp(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(READ_MILLIS_MAX);
        in = socket.getInputStream();
    }

    /** With so small a receive buffer that the network does not take what the client does not read. */
    static RawHttp narrow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return new RawHttp(socket);
    }

    /** Where the server has closed the connection, what is read next tells. */
    RawHttp write(String text) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException closed) {
            // What came before is still to be read.
        }
        return this;
    }

    Raw ask(String text) throws IOException {
        return write(text).read(text.startsWith("HEAD"));
    }

    Raw read(boolean headOnly) throws IOException {
        String[] lines = head().split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        int length = headOnly ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Raw(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads to the end, which must come. */
    boolean closed() {
        try {
            while (in.read() >= 0) {
                // What comes is of no interest.
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    boolean isAnswered() {
        try {
            return in.available() > 0;
        } catch (IOException broken) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
