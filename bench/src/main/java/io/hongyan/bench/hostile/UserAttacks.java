package io.hongyan.bench.hostile;

import io.hongyan.protocol.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Attacks of ordinary users with a valid token. */
final class UserAttacks {
    private static final int DEVICES = 40;
    private static final int MANY = 500;
    private static final int USERS = 5;
    private static final int RETAINED = 50;
    /** As many as a packet may have. */
    private static final int FILTERS = 32;

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
                new Attack("signals", "signals without end, to a user and to a group", 50, UserAttacks::signals),
                new Attack("subscribe-flood", "SUBSCRIBE and UNSUBSCRIBE in a row", 50, UserAttacks::subscribeFlood),
                new Attack(
                        "subscription-bomb",
                        "hundreds of filters, and others after each reconnect, with a kept session",
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
        String group = target.uid("sig-group", 0);
        if (number == 0) {
            makeSmallGroup(target, sockets, group);
        }
        String peer = target.uid("sig", (number + 1) % USERS);
        sockets.login(target, peer, "b").send(Packets.subscribe(1, Topics.userPrefix(peer) + "#"));
        Raw socket = sockets.login(target, target.uid("sig", number % USERS), "a");
        socket.send(
                Packets.repeated(signal("DIRECT", peer), MANY / 2),
                Packets.repeated(signal("GROUP", group), MANY / 2),
                Packets.DISCONNECT);
        socket.drain(target);
    }

    private static byte[] signal(String kind, String id) {
        return Packets.publish(
                Topics.JSON_PREFIX + Topics.SIGNAL,
                0,
                0,
                "{\"to\":{\"kind\":\"" + kind + "\",\"id\":\"" + id + "\"},\"typing\":{\"active\":true}}");
    }

    private static void makeSmallGroup(Target target, Raw.Sockets sockets, String id) throws IOException {
        for (int i = 0; i < USERS; i++) {
            sockets.login(target, target.uid("sig", i), "a").close();
        }
        String others = IntStream.range(1, USERS)
                .mapToObj(i -> '"' + target.uid("sig", i) + '"')
                .collect(Collectors.joining(","));
        WebAttacks.makeGroup(target, sockets, target.uid("sig", 0), id, others);
    }

    private static void subscribeFlood(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("sub", number % 5);
        Raw socket = sockets.login(target, uid, "a");
        String filter = Topics.inbox(uid);
        for (int i = 1; i <= MANY; i++) {
            socket.send(Packets.subscribe(i, filter), Packets.unsubscribe(i + MANY, filter));
        }
        socket.send(Packets.DISCONNECT).drain(target);
    }

    private static void subscriptionBomb(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("bomb", number % USERS);
        Raw socket = sockets.open(target.mqtt());
        socket.send(Packets.connectKept(uid, "a", target.tokenOf().apply(uid)));
        socket.read();
        for (int i = 1; i <= 20; i++) {
            String[] filters = new String[FILTERS];
            for (int j = 0; j < filters.length; j++) {
                filters[j] = Topics.genericPrefix(uid) + "a/".repeat(j % 10) + number + "-" + i + "-" + j + "/+/#";
            }
            socket.send(Packets.subscribe(i, filters));
        }
        socket.send(Packets.DISCONNECT).drain(target);
    }

    private static void retained(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("keep", number % 5);
        Raw socket = sockets.login(target, uid, "a");
        byte[] payload = new byte[8 << 10];
        for (int i = 0; i < RETAINED; i++) {
            // What is published with QoS 0 is not retained.
            String topic = Topics.genericPrefix(uid) + number + "/" + i;
            socket.send(Packets.publish(topic, 1, i + 1, new byte[0], payload, true));
        }
        socket.send(Packets.DISCONNECT).drain(target);
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

    /** One fault in each, or the first one found would hide the others. */
    private static void calls(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("call", number % USERS);
        List<String> conversations = List.of(
                "\"page\":\"%%%\"",
                "\"page\":\"9999999999999999999\"",
                "\"page\":\"\u0661\"",
                "\"page\":\"" + "1".repeat(10_000) + "\"",
                "\"afterVersion\":\"9223372036854775807\"",
                "\"afterVersion\":\"-1\"",
                "\"limit\":2147483647",
                "\"only\":[{\"kind\":\"DIRECT\",\"id\":\"" + uid + "\"}],\"page\":\"7\"");
        List<String> pulls = List.of(
                "\"afterSeq\":\"9223372036854775807\"",
                "\"afterSeq\":\"-9223372036854775808\"",
                "\"afterSeq\":\"\u0661\"",
                "\"afterSeq\":1e400",
                "\"limit\":-1");
        JsonCaller caller = JsonCaller.login(target, sockets, uid, "a");
        for (int i = 1; i <= 50; i++) {
            boolean pull = i % 2 == 0;
            List<String> faults = pull ? pulls : conversations;
            caller.call(
                    pull ? Topics.CALL_PULL : Topics.CALL_CONVERSATIONS,
                    "{\"requestId\":\"" + number + "-" + i + "\"," + faults.get(i / 2 % faults.size()) + "}");
        }
        caller.answered(number + "-50");
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
        Raw reader = sockets.loginNarrow(target, slow, "a");
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
                Packets.repeated(Packets.publish(JSON_SEND, 0, 0, request.substring(1)), MANY),
                Packets.DISCONNECT);
        socket.drain(target);
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
