package io.hongyan.bench.hostile;

import io.hongyan.protocol.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Attacks of ordinary users with a valid token. */
final class UserAttacks {
    private static final int DEVICES = 40;
    private static final int MANY = 500;
    private static final String JSON_SEND = Topics.JSON_PREFIX + Topics.SEND;

    private UserAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack(
                        "payload-format",
                        "a payload that claims to be UTF-8 and is not, to a generic topic, and an acknowledgement"
                                + " after it",
                        50,
                        UserAttacks::payloadFormat),
                new Attack("nested-json", "JSON nested 8,000 deep", 50, UserAttacks::nestedJson),
                new Attack(
                        "odd-json",
                        "two documents, names given twice, text after the end, lone surrogates",
                        20,
                        UserAttacks::oddJson),
                new Attack("nested-content", "protobuf groups nested thousands deep", 50, UserAttacks::nestedContent),
                new Attack("signals", "signals without end", 50, UserAttacks::signals),
                new Attack("subscribe-flood", "SUBSCRIBE and UNSUBSCRIBE in a row", 50, UserAttacks::subscribeFlood),
                new Attack(
                        "subscription-bomb",
                        "hundreds of filters, and again after each reconnect",
                        100,
                        UserAttacks::subscriptionBomb),
                new Attack("retained", "retained messages on new topics all the time", 50, UserAttacks::retained),
                new Attack("wills", "connections with wills that end without DISCONNECT", 20, UserAttacks::wills),
                new Attack("calls", "calls with bad page tokens and numbers out of range", 50, UserAttacks::calls),
                new Attack(
                        "large-conversations",
                        "a victim is sent 60 KB by each of 40 users, and lists its conversations",
                        2_000,
                        UserAttacks::largeConversations),
                new Attack("many-devices", "40 devices of one user", 500, UserAttacks::manyDevices),
                new Attack(
                        "slow-reader",
                        "a client that gets deliveries and does not read",
                        1_000,
                        UserAttacks::slowReader),
                new Attack(
                        "packet-flood",
                        "PINGREQ and QoS 0 publishes as fast as possible",
                        50,
                        UserAttacks::packetFlood),
                new Attack("malformed", "packets of every type with random contents", 10, UserAttacks::malformed));
    }

    private static void payloadFormat(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("utf", number % 5);
        Raw socket = sockets.login(target, uid, "a");
        String topic = Topics.genericPrefix(uid) + "a";
        socket.send(Packets.subscribe(1, topic), Packets.publish(topic, 1, 2, "a delivery that is acknowledged below"));
        sockets.pause(100);
        byte[] isText = Packets.hex("0101");
        byte[] noText = Packets.hex("ff fe 80");
        socket.send(Packets.publish(topic, 0, 0, isText, noText, false), Packets.hex("40 02 0001 40 02 0002"));
        socket.read();
        socket.close();
    }

    private static void nestedJson(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.login(target, target.uid("deep", number % 5), "a");
        String deep = (number % 2 == 0 ? "{\"a\":" : "[").repeat(8_000);
        socket.send(Packets.publish(JSON_SEND, 1, 1, deep));
        socket.read();
        socket.close();
    }

    private static void oddJson(Target target, Raw.Sockets sockets, int number) throws IOException {
        List<String> documents = List.of(
                "{\"clientMessageId\":\"a\"}{\"clientMessageId\":\"b\"}",
                "{\"clientMessageId\":\"a\",\"clientMessageId\":\"b\"}",
                "{\"clientMessageId\":\"a\"} and more",
                "{'clientMessageId':'a'}",
                "{\"clientMessageId\":\"\\ud800\"}",
                "{\"clientMessageId\":1e999999999}",
                "nul",
                "");
        Raw socket = sockets.login(target, target.uid("odd", number % 5), "a");
        for (int i = 0; i < documents.size(); i++) {
            socket.send(Packets.publish(JSON_SEND, 1, 1 + i, documents.get(i)));
        }
        socket.read();
        socket.close();
    }

    private static void nestedContent(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.login(target, target.uid("nest", number % 5), "a");
        byte[] groups = Packets.repeated(new byte[] {0x0B}, 10_000);
        socket.send(Packets.publish(Topics.SEND, 1, 1, new byte[0], groups, false));
        socket.send(Packets.publish(Topics.SEND, 1, 2, new byte[0], nested(90), false));
        socket.read();
        socket.close();
    }

    /** Nested messages, each the first field of the one around it. */
    private static byte[] nested(int depth) {
        byte[] inside = {};
        for (int i = 0; i < depth && inside.length < 100; i++) {
            ByteArrayOutputStream around = new ByteArrayOutputStream();
            around.write(0x0A);
            around.write(inside.length);
            around.writeBytes(inside);
            inside = around.toByteArray();
        }
        return inside;
    }

    private static void signals(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.login(target, target.uid("sig", number % 5), "a");
        String signal = "{\"to\":{\"kind\":\"DIRECT\",\"id\":\"" + target.uid("sig", (number + 1) % 5)
                + "\"},\"typing\":{\"active\":true}}";
        socket.send(Packets.repeated(Packets.publish(Topics.JSON_PREFIX + Topics.SIGNAL, 0, 0, signal), MANY));
        socket.read();
        socket.close();
    }

    private static void subscribeFlood(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("sub", number % 5);
        Raw socket = sockets.login(target, uid, "a");
        String filter = Topics.inbox(uid);
        for (int i = 1; i <= MANY; i++) {
            socket.send(Packets.subscribe(i, filter), Packets.unsubscribe(i + MANY, filter));
        }
        socket.read();
        socket.close();
    }

    private static void subscriptionBomb(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("bomb", number % 5);
        Raw socket = sockets.login(target, uid, "a");
        for (int i = 1; i <= 20; i++) {
            String[] filters = new String[64];
            for (int j = 0; j < filters.length; j++) {
                filters[j] = Topics.genericPrefix(uid) + "a/".repeat(j % 30) + number + "-" + i + "-" + j + "/+/#";
            }
            socket.send(Packets.subscribe(i, filters));
        }
        socket.read();
        socket.close();
    }

    private static void retained(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("keep", number % 5);
        Raw socket = sockets.login(target, uid, "a");
        byte[] payload = new byte[8 << 10];
        for (int i = 0; i < 50; i++) {
            String topic = Topics.genericPrefix(uid) + number + "/" + i;
            socket.send(Packets.publish(topic, 0, 0, new byte[0], payload, true));
        }
        socket.read();
        socket.close();
    }

    private static void wills(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("will", number % 20);
        for (int i = 0; i < 5; i++) {
            Raw socket = sockets.open(target.mqtt());
            String token = target.tokenOf().apply(uid);
            socket.send(Packets.connect(uid, "w" + i, token, Topics.genericPrefix(uid) + "will"));
            socket.read();
            socket.close();
        }
    }

    private static void calls(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.login(target, target.uid("call", number % 5), "a");
        for (int i = 1; i <= 50; i++) {
            String topic = Topics.JSON_PREFIX + (i % 2 == 0 ? Topics.CALL_CONVERSATIONS : Topics.CALL_PULL);
            socket.send(Packets.publish(
                    topic,
                    1,
                    i,
                    "{\"requestId\":\"" + i + "\",\"pageToken\":\"%%%\",\"afterSeq\":\"9223372036854775807\"}"));
        }
        socket.read();
        socket.close();
    }

    private static void largeConversations(Target target, Raw.Sockets sockets, int number) throws IOException {
        String victim = target.uid("victim", 0);
        Raw reader = sockets.login(target, victim, "a");
        String text = "x".repeat(60_000);
        for (int i = 0; i < DEVICES && !target.over().getAsBoolean(); i++) {
            Raw writer = sockets.login(target, target.uid("large", i), "a");
            writer.send(Packets.publish(JSON_SEND, 1, 1, message(number + "-" + i, victim, text)));
            writer.read();
            writer.close();
        }
        reader.send(Packets.publish(Topics.JSON_PREFIX + Topics.CALL_CONVERSATIONS, 1, 1, "{\"requestId\":\"1\"}"));
        reader.read();
    }

    static String message(String id, String to, String text) {
        return "{\"clientMessageId\":\"" + id + "\",\"to\":{\"kind\":\"DIRECT\",\"id\":\"" + to
                + "\"},\"content\":{\"text\":{\"text\":\"" + text + "\"}}}";
    }

    private static void manyDevices(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("dev", 0);
        for (int i = 0; i < DEVICES; i++) {
            sockets.login(target, uid, "d" + i).send(Packets.subscribe(1, Topics.inbox(uid)));
        }
    }

    private static void slowReader(Target target, Raw.Sockets sockets, int number) throws IOException {
        String slow = target.uid("slow", 0);
        Raw reader = sockets.login(target, slow, "a");
        reader.send(Packets.subscribe(1, Topics.userPrefix(slow) + "#"));
        Raw writer = sockets.login(target, target.uid("slow", 1), "a");
        String text = "x".repeat(8_000);
        for (int i = 1; i <= 100 && !target.over().getAsBoolean(); i++) {
            writer.send(Packets.publish(JSON_SEND, 1, i, message(number + "-" + i, slow, text)));
        }
        writer.read();
        sockets.pause(500);
    }

    private static void packetFlood(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.login(target, target.uid("flood", number % 5), "a");
        String request = "{\"clientMessageId\":\"f\"}";
        socket.send(
                Packets.repeated(Packets.hex("c000"), 5_000),
                Packets.repeated(Packets.publish(JSON_SEND, 0, 0, request.substring(1)), MANY));
        socket.read();
        socket.close();
    }

    private static void malformed(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.login(target, target.uid("mal", number % 5), "a");
        byte[] inside = Packets.random(number, number % 300);
        byte[] packet = Packets.packet(number * 7 & 0xFF, inside);
        socket.send(packet, packet);
        socket.send("\0".getBytes(StandardCharsets.UTF_8));
        socket.read();
        socket.close();
    }
}
