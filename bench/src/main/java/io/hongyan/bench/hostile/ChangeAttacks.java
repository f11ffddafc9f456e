package io.hongyan.bench.hostile;

import io.hongyan.protocol.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Attacks of ordinary users who change messages: recall, edit, react, pin. */
final class ChangeAttacks {
    private static final int CONTENT_BYTES = 60_000;
    private static final String CONTENT = text("x".repeat(CONTENT_BYTES));

    /** Edits of a message, and as many answers to it: together more copies than a recall erases at once. */
    private static final int COPIES = 60;

    /** Messages of a round: 1, 2, 4, 8, 16, and again. */
    private static final int SIZES_OF_ROUNDS = 5;

    /** More than stay in a small group. */
    private static final int MEMBERS = 210;

    private static final int REACTING = 25;
    private static final int EMOJI = 40;
    private static final int REACTIONS = 120;
    private static final int PINS = 40;
    private static final int ROUNDS_OF_GROUP = 20;
    private static final int GROUPS = 5;

    private static final long NUMBER_MAX = Long.MAX_VALUE;

    private ChangeAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack(
                        "recalls",
                        "up to 16 messages of 60 KB, each edited and answered 60 times with 60 KB, and all of that recalled"
                                + " at once",
                        200,
                        ChangeAttacks::recalls),
                new Attack(
                        "reactions",
                        "25 members of a large group react to a message of 60 KB and take it back, its owner pins and unpins"
                                + " it, without end",
                        50,
                        ChangeAttacks::reactions),
                new Attack(
                        "bad-changes",
                        "changes of messages that are not there or of others, halves of surrogates and 10 KB as emoji,"
                                + " contents of the server's",
                        50,
                        ChangeAttacks::badChanges));
    }

    private static void recalls(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("recall", number % 5);
        String peer = target.uid("recalled", 0);
        sockets.login(target, peer, "a").close();
        JsonCaller editor = JsonCaller.login(target, sockets, uid, "d0");
        JsonCaller answerer = JsonCaller.login(target, sockets, uid, "d1");
        String to = direct(peer);
        long first = 0;
        for (int i = 1 << number % SIZES_OF_ROUNDS; i > 0 && !target.over().getAsBoolean(); i--) {
            long seq = editor.stored(number + "-" + i, to, CONTENT);
            first = first == 0 ? seq : first;
            for (int j = 1; j <= COPIES && !target.over().getAsBoolean(); j++) {
                String id = number + "-" + i + "-" + j;
                editor.call(Topics.CALL_EDIT, change(id + "e", to, seq, "\"content\":" + CONTENT));
                answerer.send(id + "a", to, answer(uid, seq));
            }
        }
        long last = Math.max(
                editor.stored(number + "-last0", to, text("edited")),
                answerer.stored(number + "-last1", to, text("answered")));
        List<byte[]> all = new ArrayList<>();
        for (long seq = first; first > 0 && seq <= last; seq++) {
            all.add(editor.packet(Topics.CALL_RECALL, change(number + "-r" + seq, to, seq, null)));
        }
        editor.write(all);
        editor.answered(number + "-r" + last);
    }

    private static void reactions(Target target, Raw.Sockets sockets, int number) throws IOException {
        int which = number / ROUNDS_OF_GROUP % GROUPS;
        String id = target.uid("crowd", which);
        if (number % ROUNDS_OF_GROUP == 0) {
            makeGroup(target, sockets, id);
        }
        String group = group(id);
        JsonCaller owner = JsonCaller.login(target, sockets, member(target, 0), "a");
        long seq = owner.stored("m" + number, group, CONTENT);
        List<JsonCaller> members = new ArrayList<>();
        for (int i = 1; i <= REACTING; i++) {
            members.add(JsonCaller.login(target, sockets, member(target, i), "a"));
        }
        for (int i = 0; i < REACTIONS && !target.over().getAsBoolean(); i++) {
            String reaction = "\"emoji\":\"e" + i / 2 % EMOJI + "\",\"removed\":" + (i % 8 == 7);
            for (JsonCaller member : members) {
                member.call(Topics.CALL_REACT, change(number + "-" + i, group, seq, reaction));
            }
        }
        for (int i = 0; i < PINS; i++) {
            owner.call(Topics.CALL_PIN_MESSAGE, change(number + "p" + i, group, seq, "\"pinned\":" + (i % 2 == 0)));
        }
        owner.answered(number + "p" + (PINS - 1));
        for (JsonCaller member : members) {
            member.answered(number + "-" + (REACTIONS - 1));
        }
    }

    /** By its owner, as users may over HTTP. Is there already, where the attack has come round. */
    private static void makeGroup(Target target, Raw.Sockets sockets, String id) throws IOException {
        for (int i = 0; i < MEMBERS; i++) {
            sockets.login(target, member(target, i), "a").close();
        }
        String members = IntStream.range(1, MEMBERS)
                .mapToObj(i -> '"' + member(target, i) + '"')
                .collect(Collectors.joining(","));
        WebAttacks.makeGroup(target, sockets, member(target, 0), id, members);
    }

    private static String member(Target target, int number) {
        return target.uid("member", number);
    }

    private static void badChanges(Target target, Raw.Sockets sockets, int number) throws IOException {
        String uid = target.uid("change", number % 5);
        String other = target.uid("changed", 0);
        String to = direct(uid);
        JsonCaller caller = JsonCaller.login(target, sockets, uid, "a");
        long own = caller.stored("own" + number, to, text("to myself"));
        JsonCaller peer = JsonCaller.login(target, sockets, other, "a");
        long foreign = peer.stored("foreign" + number + uid, to, text("to the attacker"));
        List<String> reactions = List.of(
                change("s1", to, 0, "\"emoji\":\"a\""),
                change("s2", to, -1, "\"emoji\":\"a\""),
                change("s3", to, NUMBER_MAX, "\"emoji\":\"a\""),
                change("s4", to, own, "\"emoji\":\"\\ud83d\""),
                change("s5", to, own, "\"emoji\":\"\\udc4d\\ud83d\""),
                change("s6", to, own, "\"emoji\":\"\""),
                change("s7", to, own, "\"emoji\":\"" + "a".repeat(65) + "\""),
                change("s8", to, own, "\"emoji\":\"" + "a".repeat(10_000) + "\""),
                change("s9", direct(target.uid("nobody", 0)), 1, "\"emoji\":\"a\""),
                change("s10", group(target.uid("nowhere", 0)), 1, "\"emoji\":\"a\""),
                change("s11", "{\"kind\":\"SYSTEM\",\"id\":\"a\"}", 1, "\"emoji\":\"a\""),
                change("s12", "{\"kind\":\"ROOM\",\"id\":\"a\"}", 1, "\"emoji\":\"a\""),
                change("s 13", to, own, "\"emoji\":\"a\""),
                "{\"requestId\":\"s14\"}",
                "{\"requestId\":\"" + "s".repeat(10_000) + "\"}");
        for (String one : reactions) {
            caller.call(Topics.CALL_REACT, one);
        }
        String withPeer = direct(other);
        caller.call(Topics.CALL_RECALL, change("f1-" + number, withPeer, foreign, null));
        caller.call(Topics.CALL_EDIT, change("f2-" + number, withPeer, foreign, "\"content\":" + text("mine")));
        List<String> contents = List.of(
                "{}",
                "{\"change\":{\"targetSeq\":\"1\",\"recalled\":{}}}",
                "{\"groupChange\":{}}",
                "{\"custom\":{\"type\":\"a\",\"data\":\"\"}}",
                "{\"text\":{\"text\":\"\\ud800\"}}");
        for (String content : contents) {
            caller.call(Topics.CALL_EDIT, change("c" + number, to, own, "\"content\":" + content));
        }
        caller.call(Topics.CALL_PIN_MESSAGE, change("n" + number, to, NUMBER_MAX, "\"pinned\":true"));
        caller.call(Topics.CALL_RECALL, change("last" + number, to, own, null));
        caller.answered("last" + number);
        inProtobuf(target, sockets, uid);
    }

    /** On another connection: a device takes one encoding only. */
    private static void inProtobuf(Target target, Raw.Sockets sockets, String uid) throws IOException {
        Raw socket = sockets.login(target, uid, "p");
        // As emoji the half of a surrogate pair, as it would stand in UTF-8.
        byte[] half = Packets.hex("0a0168 1207080112 0361 6263 1801 220163 2a03eda0bd");
        socket.send(
                Packets.publish(Topics.CALL_REACT, 1, 1, new byte[0], half, false),
                Packets.publish(
                        Topics.CALL_EDIT, 1, 2, new byte[0], Packets.repeated(Packets.hex("2b"), 10_000), false),
                Packets.publish(Topics.CALL_RECALL, 1, 3, new byte[0], Packets.hex("18ffffffffffffffffff01"), false),
                Packets.publish(Topics.CALL_PIN_MESSAGE, 1, 4, new byte[0], Packets.hex("1207"), false));
        socket.read();
        socket.close();
    }

    private static String change(String id, String peer, long seq, String further) {
        return "{\"requestId\":\"" + id + "\",\"peer\":" + peer + ",\"seq\":\"" + seq + "\",\"clientMessageId\":\"" + id
                + "\"" + (further == null ? "" : "," + further) + "}";
    }

    private static String text(String text) {
        return "{\"text\":{\"text\":\"" + text + "\"}}";
    }

    private static String answer(String to, long seq) {
        return "{\"text\":{\"text\":\"" + "y".repeat(CONTENT_BYTES) + "\"},\"replyTo\":{\"seq\":\"" + seq
                + "\",\"from\":\"" + to + "\",\"excerpt\":\"" + "x".repeat(500) + "\"}}";
    }

    private static String direct(String uid) {
        return "{\"kind\":\"DIRECT\",\"id\":\"" + uid + "\"}";
    }

    private static String group(String id) {
        return "{\"kind\":\"GROUP\",\"id\":\"" + id + "\"}";
    }
}
