package io.hongyan.bench.hostile;

import io.hongyan.protocol.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Attacks of ordinary users who send nothing wrong, only more than is good, or take less than they are sent. */
final class ValidAttacks {
    private static final int DEVICES = 16;
    private static final int MESSAGES = 64;
    private static final int MESSAGE_BYTES = 60_000;
    /** The messages of so many rounds are stored; those of later rounds are the same again, so that no disk is filled. */
    private static final int ROUNDS_STORED = 2;

    private static final int[] PACKET_BYTES = {1, 2, 5, 8, 12, 20, 40, 100, 200};
    private static final int OPEN = 200;
    private static final int SIGNALS = 1_000;
    private static final int SIGNAL_BYTES = 1_000;
    private static final String JSON_SEND = Topics.JSON_PREFIX + Topics.SEND;

    private ValidAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack(
                        "large-messages",
                        "valid messages of 60 KB with QoS 1 from 16 devices of one user at once, as many as may be"
                                + " unanswered",
                        1_000,
                        ValidAttacks::largeMessages),
                new Attack(
                        "small-packets",
                        "clients that take packets of a few bytes only, and connect again and again",
                        50,
                        ValidAttacks::smallPackets),
                new Attack(
                        "qos2-open",
                        "MQTT 3.1.1 with 200 publishes of QoS 2 that are never released, and again with the same"
                                + " session",
                        100,
                        ValidAttacks::openQos2),
                new Attack("slow-notices", "notices to a client that does not read", 200, ValidAttacks::slowNotices));
    }

    private static void largeMessages(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("bulk", 0);
        String to = target.uid("bulk", 1);
        sockets.login(target, to, "a").close();
        List<Raw> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            devices.add(sockets.login(target, uid, "d" + i));
        }
        String text = "x".repeat(MESSAGE_BYTES);
        for (int i = 1; i <= MESSAGES && !target.over().getAsBoolean(); i++) {
            for (int j = 0; j < DEVICES; j++) {
                String id = number % ROUNDS_STORED + "-" + j + "-" + i;
                devices.get(j).send(Packets.publish(JSON_SEND, 1, i, UserAttacks.message(id, to, text)));
            }
        }
        devices.get(0).read();
    }

    private static void smallPackets(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("small", number % 5);
        String token = target.tokenOf().apply(uid);
        for (int bytes : PACKET_BYTES) {
            Raw socket = sockets.open(target.mqtt());
            socket.send(
                    Packets.connectForPackets(bytes, uid, "a", token),
                    Packets.subscribe(
                            1, Topics.JSON_PREFIX + Topics.inbox(uid), Topics.JSON_PREFIX + Topics.reply(uid)),
                    Packets.publish(JSON_SEND, 1, 2, UserAttacks.message(number + "-" + bytes, uid, "to myself")));
            socket.read();
            socket.close();
        }
    }

    private static void openQos2(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("open", number % 5);
        Raw socket = sockets.open(target.mqtt());
        socket.send(Packets.connect3(number % 10 < 5, uid, "a", target.tokenOf().apply(uid)));
        socket.read();
        for (int i = 1; i <= OPEN; i++) {
            socket.send(Packets.publish3(Topics.genericPrefix(uid) + "a", 2, i, "never released"));
        }
        socket.read();
        socket.close();
    }

    private static void slowNotices(Target target, Raw.Sockets sockets, int number) throws IOException {
        String slow = target.uid("deaf", number % 2);
        Raw reader = sockets.loginNarrow(target, slow, "a");
        reader.send(Packets.subscribe(1, Topics.userPrefix(slow) + "#"));
        Raw writer = sockets.login(target, target.uid("loud", number % 5), "a");
        String data = Base64.getEncoder().encodeToString(new byte[SIGNAL_BYTES]);
        String signal = "{\"to\":{\"kind\":\"DIRECT\",\"id\":\"" + slow + "\"},\"custom\":{\"type\":\"t\",\"data\":\""
                + data + "\"}}";
        byte[] packet = Packets.publish(Topics.JSON_PREFIX + Topics.SIGNAL, 0, 0, signal);
        for (int i = 0; i < SIGNALS && !target.over().getAsBoolean(); i++) {
            writer.send(packet);
        }
        writer.read();
        sockets.pause(500);
    }
}
