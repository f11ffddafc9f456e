package io.hongyan.im.app.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Bytes at the MQTT listener of a whole server. The first byte says how the connection begins: with nothing, or with the
 * CONNECT of a user, in MQTT 3.1.1 or 5.
 */
public final class MqttTarget {
    private static final String UID = "mallory";
    private static final int PORTION = 64;

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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (beginning != 0) {
            int level = beginning == 1 ? 4 : 5;
            bytes.writeBytes(FuzzedServer.connect(level, UID + ":iot:fuzz", UID, token, 60));
        }
        bytes.write(input, 1, input.length - 1);
        fuzzed.exchange(fuzzed.server.mqttPort(), bytes.toByteArray());
        runs++;
        if (runs % PORTION == 0 || input.length > PORTION * PORTION) {
            fuzzed.requireOthersServed();
        }
    }
}
