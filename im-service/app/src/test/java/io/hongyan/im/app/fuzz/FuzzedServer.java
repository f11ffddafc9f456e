package io.hongyan.im.app.fuzz;

import io.hongyan.im.app.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One whole server for the targets that send bytes, and bystanders whose connections must survive all of it. It ends
 * with the process.
 */
final class FuzzedServer {
    /** A connection that is not closed by then, after its client has ended its side, is a finding. */
    static final int ANSWER_MILLIS = 20_000;

    private static final int BYSTANDERS = 2;
    private static final byte[] UPGRADE =
            ("GET /mqtt HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                            + "Sec-WebSocket-Protocol: mqtt\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PINGREQ = {(byte) 0xc0, 0};
    private static final byte[] PINGRESP = {(byte) 0xd0, 0};

    private static FuzzedServer shared;

    final RunningServer server;
    private final Socket[] bystanders = new Socket[BYSTANDERS];

    private FuzzedServer() throws Exception {
        Path directory = Files.createTempDirectory("hongyan-fuzz");
        server = RunningServer.startWithFile(directory, """
                development: true
                link:
                  listen: 127.0.0.1:0
                mqtt:
                  connect_millis_max: 60000
                flood:
                  connects_per_second_max: 100000
                http:
                  requests_per_second_max: 0
                """);
        for (int i = 0; i < BYSTANDERS; i++) {
            String uid = "bystander" + i;
            String token = server.token(uid);
            bystanders[i] = new Socket("127.0.0.1", server.mqttPort());
            bystanders[i].setSoTimeout(ANSWER_MILLIS);
            bystanders[i].getOutputStream().write(connect(4, uid + ":iot:fuzz", uid, token, 0));
            if (bystanders[i].getInputStream().readNBytes(4)[3] != 0) {
                throw new IllegalStateException("the bystander is not let in");
            }
        }
    }

    static synchronized FuzzedServer shared() {
        try {
            if (shared == null) {
                shared = new FuzzedServer();
            }
            return shared;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A CONNECT packet. */
    static byte[] connect(int level, String clientId, String uid, String token, int keepAlive) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(level);
        body.write(0xc2);
        body.write(keepAlive >>> 8);
        body.write(keepAlive);
        if (level == 5) {
            body.write(0);
        }
        text(body, clientId);
        text(body, uid);
        text(body, token);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x10);
        int length = body.size();
        do {
            int digit = length & 127;
            length >>>= 7;
            packet.write(length > 0 ? digit | 128 : digit);
        } while (length > 0);
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }

    /** Sends the bytes, ends this side, and reads until the server has closed; returns what came. */
    byte[] exchange(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setTcpNoDelay(true);
            return exchange(socket, bytes);
        }
    }

    /** The same at the WebSocket listener, once the server has agreed to one. */
    byte[] exchangeOverWebSocket(byte[] frames) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.webSocketPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(UPGRADE);
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new AssertionError("no WebSocket, but " + head);
                }
                head.write(next);
            }
            return exchange(socket, frames);
        }
    }

    /** Adds the bytes from one place to another as a binary frame; its mask of zeros leaves them as they are. */
    static void frame(ByteArrayOutputStream out, byte[] bytes, int from, int to) {
        int length = Math.max(0, to - from);
        out.write(0x82);
        if (length <= 125) {
            out.write(0x80 | length);
        } else {
            out.write(0x80 | 126);
            out.write(length >>> 8);
            out.write(length);
        }
        out.writeBytes(new byte[4]);
        out.write(bytes, from, length);
    }

    private static byte[] exchange(Socket socket, byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException closedAlready) {
            // The server has answered by closing; what it said before can be read.
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(answer);
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("the connection is not closed", open);
        } catch (IOException reset) {
            // A reset ends it as well.
        }
        return answer.toByteArray();
    }

    /** Others are served, and the server does not want to end. */
    void requireOthersServed() throws IOException {
        for (Socket bystander : bystanders) {
            bystander.getOutputStream().write(PINGREQ);
            InputStream in = bystander.getInputStream();
            byte[] answer = in.readNBytes(PINGRESP.length);
            if (answer.length != PINGRESP.length || answer[0] != PINGRESP[0]) {
                throw new AssertionError("a bystander's connection was ended");
            }
        }
        if (!server.faults().isEmpty()) {
            throw new AssertionError("the server would have ended: " + server.faults());
        }
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >>> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }
}
