package io.hongyan.bench.load;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** CONNECT of MQTT 3.1.1 with a clean session, until CONNACK; then DISCONNECT. */
public final class MqttLogin implements LoginProtocol.Login {
    private static final byte[] DISCONNECT = {(byte) 0xE0, 0};
    private static final byte[] ACCEPTED = {0x20, 2, 0, 0};
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int CONNECT_FLAGS = 0xC2;

    private final String user;
    private final byte[] connect;

    public MqttLogin(String clientId, String user, String password) {
        this.user = user;
        this.connect = connect(clientId, user, password);
    }

    @Override
    public void in(Socket socket) throws IOException {
        socket.getOutputStream().write(connect);
        byte[] answer = new byte[ACCEPTED.length];
        new DataInputStream(socket.getInputStream()).readFully(answer);
        if (!Arrays.equals(answer, ACCEPTED)) {
            throw new LoadFailure("the login of " + user + " was refused with code " + answer[answer.length - 1]);
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
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x10);
        int left = body.size();
        while (left > 0x7F) {
            packet.write(left & 0x7F | 0x80);
            left >>>= 7;
        }
        packet.write(left);
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }
}
