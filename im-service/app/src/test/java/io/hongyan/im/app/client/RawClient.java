package io.hongyan.im.app.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Writes MQTT packets byte by byte, also those that no proper client would send. */
public final class RawClient implements AutoCloseable {
    public static final int CONNACK = 2;
    public static final int PUBLISH = 3;
    public static final int PUBACK = 4;
    public static final int PUBREC = 5;
    public static final int SUBACK = 9;
    public static final int PINGRESP = 13;
    public static final int DISCONNECT = 14;
    /** The server has closed the connection. */
    public static final int CLOSED = -1;

    private static final int TIMEOUT_MILLIS = 60_000;

    private final String address;
    private final int port;
    private final boolean mqtt5;
    // Null until the first use.
    private Socket socket;
    private OutputStream out;
    private DataInputStream in;

    /** A packet from the server; {@code body} is everything behind the length. */
    public record Packet(int type, int flags, byte[] body) {
        /** The reason code of CONNACK, or of the acknowledgement of a publish, or of DISCONNECT. */
        public int reason() {
            return switch (type) {
                case CONNACK -> body[1] & 0xFF;
                case PUBACK, PUBREC -> body.length > 2 ? body[2] & 0xFF : 0;
                case DISCONNECT -> body.length > 0 ? body[0] & 0xFF : 0;
                case SUBACK -> body[body.length - 1] & 0xFF;
                default -> throw new AssertionError("packets of type " + type + " have no reason");
            };
        }
    }

    /**
     * How the server ended the connection.
     *
     * @param told all that it published before, as text
     * @param reason of DISCONNECT, {@link #CLOSED} where there was none
     */
    public record End(String told, int reason) {}

    /** The socket is opened when it is first used: a server waits for the CONNECT of an open one for seconds only. */
    public RawClient(int port, boolean mqtt5) {
        this("127.0.0.1", port, mqtt5);
    }

    /** @param address that the client has */
    public RawClient(String address, int port, boolean mqtt5) {
        this.address = address;
        this.port = port;
        this.mqtt5 = mqtt5;
    }

    private void open() throws IOException {
        if (socket == null) {
            socket = new Socket("127.0.0.1", port, InetAddress.getByName(address), 0);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            out = socket.getOutputStream();
            in = new DataInputStream(socket.getInputStream());
        }
    }

    /** Logs in with keep-alive 60 and a clean session; null where a field is to be absent. */
    public Packet connect(String clientId, String username, String password, String willTopic) throws IOException {
        sendConnect(clientId, username, password, willTopic);
        return read();
    }

    public void sendConnect(String clientId, String username, String password, String willTopic) throws IOException {
        int flags = 2;
        flags |= username == null ? 0 : 0x80;
        flags |= password == null ? 0 : 0x40;
        flags |= willTopic == null ? 0 : 4;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, "MQTT");
        body.write(mqtt5 ? 5 : 4);
        body.write(flags);
        body.write(0);
        body.write(60);
        properties(body);
        string(body, clientId);
        if (willTopic != null) {
            properties(body);
            string(body, willTopic);
            string(body, "gone");
        }
        if (username != null) {
            string(body, username);
        }
        if (password != null) {
            string(body, password);
        }
        send(1, 0, body.toByteArray());
    }

    /** @return what the server says next */
    public Packet subscribe(int packetId, int qos, String filter) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, packetId);
        properties(body);
        string(body, filter);
        body.write(qos);
        send(8, 2, body.toByteArray());
        return read();
    }

    /** @return what the server says next */
    public Packet publish(int packetId, int qos, String topic, byte[] payload) throws IOException {
        sendPublish(packetId, qos << 1, topic, new byte[0], payload);
        return read();
    }

    /** @param flags of the fixed header: 8 = DUP, QoS × 2, 1 = RETAIN */
    public void sendPublish(int packetId, int flags, String topic, byte[] properties, byte[] payload)
            throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, topic);
        if ((flags & 6) != 0) {
            number(body, packetId);
        }
        if (mqtt5) {
            body.write(properties.length);
            body.write(properties);
        }
        body.write(payload);
        send(PUBLISH, flags, body.toByteArray());
    }

    public void sendPuback(int packetId) throws IOException {
        send(PUBACK, 0, new byte[] {(byte) (packetId >> 8), (byte) packetId});
    }

    public void sendDisconnect() throws IOException {
        send(DISCONNECT, 0, new byte[0]);
    }

    /** @return what the server says next */
    public Packet ping() throws IOException {
        send(12, 0, new byte[0]);
        return read();
    }

    private void send(int type, int flags, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type << 4 | flags);
        for (int rest = body.length, first = 1; rest > 0 || first == 1; first = 0) {
            int more = rest >> 7;
            packet.write(rest & 0x7F | (more > 0 ? 0x80 : 0));
            rest = more;
        }
        packet.write(body);
        write(packet.toByteArray());
    }

    /** Bytes as they are. Where the server has closed the connection, the next {@link #read} tells. */
    public void write(byte[] bytes) throws IOException {
        open();
        try {
            out.write(bytes);
            out.flush();
        } catch (SocketException closed) {
            // What came before is still to be read.
        }
    }

    /** The next packet; {@link #CLOSED} where there is none any more. */
    public Packet read() throws IOException {
        open();
        try {
            int first = in.readUnsignedByte();
            int length = 0;
            for (int shift = 0, digit = 0x80; (digit & 0x80) != 0; shift += 7) {
                digit = in.readUnsignedByte();
                length |= (digit & 0x7F) << shift;
            }
            byte[] body = new byte[length];
            in.readFully(body);
            return new Packet(first >> 4, first & 0xF, body);
        } catch (EOFException | SocketException closed) {
            return new Packet(CLOSED, 0, new byte[0]);
        }
    }

    /** Waits until the server ends the connection. */
    public End end() throws IOException {
        StringBuilder told = new StringBuilder();
        Packet packet = read();
        for (; packet.type() == PUBLISH; packet = read()) {
            told.append(new String(packet.body(), StandardCharsets.UTF_8));
        }
        if (packet.type() == CLOSED) {
            return new End(told.toString(), CLOSED);
        }
        int reason = packet.reason();
        if (packet.type() != DISCONNECT || read().type() != CLOSED) {
            throw new AssertionError("a packet of type " + packet.type() + " is not the end");
        }
        return new End(told.toString(), reason);
    }

    private void properties(ByteArrayOutputStream body) {
        if (mqtt5) {
            body.write(0);
        }
    }

    private static void string(ByteArrayOutputStream body, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(body, bytes.length);
        body.write(bytes);
    }

    private static void number(ByteArrayOutputStream body, int number) {
        body.write(number >> 8);
        body.write(number);
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
    }
}
