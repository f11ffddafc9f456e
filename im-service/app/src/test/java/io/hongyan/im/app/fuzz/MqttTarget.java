package io.hongyan.im.app.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Bytes at the MQTT or WebSocket listener of a whole server. The first byte says how the connection begins: with nothing, or
 * with the CONNECT of a user, in MQTT 3.1.1 or 5; whether that is over WebSocket; and whether the other bytes are put into
 * frames there, or are frames themselves.
 */
public final class MqttTarget {
    private static final String UID = "mallory";
    private static final int PORTION = 64;
    private static final int OVER_WEB_SOCKET = 4;
    private static final int ARE_FRAMES = 8;

    private static String token;
    private static int runs;

    private MqttTarget() {}

    /** Starting the server is not to count as the time of an input. */
    public static void fuzzerInitialize() {
        FuzzedServer.shared();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        FuzzedServer fuzzed = FuzzedServer.shared();
        if (token == null) {
            token = fuzzed.server.token(UID);
        }
        int beginning = input[0] & 3;
        byte[] connect = beginning == 0
                ? new byte[0]
                : FuzzedServer.connect(beginning == 1 ? 4 : 5, UID + ":iot:fuzz", UID, token, 60);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if ((input[0] & OVER_WEB_SOCKET) == 0) {
            bytes.writeBytes(connect);
            bytes.write(input, 1, input.length - 1);
            fuzzed.exchange(fuzzed.server.mqttPort(), bytes.toByteArray());
        } else {
            if (connect.length > 0) {
                FuzzedServer.frame(bytes, connect, 0, connect.length);
            }
            if ((input[0] & ARE_FRAMES) != 0) {
                bytes.write(input, 1, input.length - 1);
            } else {
                // A packet may go over the end of a frame.
                int half = input.length / 2;
                FuzzedServer.frame(bytes, input, 1, half);
                FuzzedServer.frame(bytes, input, Math.max(1, half), input.length);
            }
            fuzzed.exchangeOverWebSocket(bytes.toByteArray());
        }
        runs++;
        if (runs % PORTION == 0 || input.length > PORTION * PORTION) {
            fuzzed.requireOthersServed();
        }
    }
}
