package io.hongyan.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * CONNECT of MQTT 3.1.1 with a clean session, and after CONNACK a SUBSCRIBE with one filter, until SUBACK; then DISCONNECT.
 * Without a filter until CONNACK.
 */
public final class MqttLogin implements LoginProtocol.Login {
    private static final byte[] DISCONNECT = {(byte) 0xE0, 0};
    private static final byte[] ACCEPTED = {0x20, 2, 0, 0};
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int CONNECT_FLAGS = 0xC2;
    private static final int CONNECT = 0x10;
    private static final int SUBSCRIBE = 0x82;
    private static final int SUBACK = 0x90;
    private static final int PACKET_ID = 1;
    private static final int QOS = 1;
    private static final int LENGTH_BYTE_MAX = 0x7F;
    private static final int LENGTH_BITS = 7;

    private final String user;
    private final byte[] connect;
    private final byte[] subscribe;

    /** @param filter that is subscribed to with QoS 1; null = none */
    public MqttLogin(String clientId, String user, String password, String filter) {
        this.user = user;
        this.connect = connect(clientId, user, password);
        this.subscribe = filter == null ? null : subscribe(filter);
    }

    @Override
    public void in(Socket socket) throws IOException {
        socket.getOutputStream().write(connect);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] answer = new byte[ACCEPTED.length];
        in.readFully(answer);
        if (!Arrays.equals(answer, ACCEPTED)) {
            throw new LoadFailure("the login of " + user + " was refused with code " + answer[answer.length - 1]);
        }
        if (subscribe != null) {
            socket.getOutputStream().write(subscribe);
            byte[] granted = awaitSubAck(in);
            if (granted[granted.length - 1] != QOS) {
                throw new LoadFailure("the subscription of " + user + " was refused");
            }
        }
    }

    /** Passes over what comes before it. */
    private static byte[] awaitSubAck(DataInputStream in) throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            int length = 0;
            int bits = 0;
            int next;
            do {
                next = in.readUnsignedByte();
                length |= (next & LENGTH_BYTE_MAX) << bits;
                bits += LENGTH_BITS;
            } while (next > LENGTH_BYTE_MAX);
            byte[] body = new byte[length];
            in.readFully(body);
            if (type == SUBACK) {
                return body;
            }
        }
    }

    @Override
    public void out(Socket socket) throws IOException {
        socket.getOutputStream().write(DISCONNECT);
    }

    private static byte[] connect(String clientId, String user, String password) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        string(body, "MQTT");
        body.write(4);
        body.write(CONNECT_FLAGS);
        body.write(0);
        body.write(KEEP_ALIVE_SECONDS);
        string(body, clientId);
        string(body, user);
        string(body, password);
        return packet(CONNECT, body.toByteArray());
    }

    private static byte[] subscribe(String filter) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0);
        body.write(PACKET_ID);
        string(body, filter);
        body.write(QOS);
        return packet(SUBSCRIBE, body.toByteArray());
    }

    private static byte[] packet(int type, byte[] body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int left = body.length;
        while (left > LENGTH_BYTE_MAX) {
            packet.write(left & LENGTH_BYTE_MAX | LENGTH_BYTE_MAX + 1);
            left >>>= LENGTH_BITS;
        }
        packet.write(left);
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }
}
