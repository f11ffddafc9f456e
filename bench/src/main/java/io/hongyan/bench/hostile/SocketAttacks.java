package io.hongyan.bench.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Attacks of clients that have not logged in. */
final class SocketAttacks {
    private static final int SOCKETS = 600;
    private static final int STORM = 250;
    private static final int LOGINS = 20;

    private SocketAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack(
                        "lengths",
                        "packets with inner lengths larger than the packet, then thousands of packets after it",
                        50,
                        SocketAttacks::lengths),
                new Attack("half-open", "600 sockets that never send anything", 2_000, SocketAttacks::halfOpen),
                new Attack("slow-handshakes", "200 CONNECTs, a byte at a time", 500, SocketAttacks::slowHandshakes),
                new Attack(
                        "before-connect",
                        "600 sockets with a long CONNECT that never ends",
                        1_000,
                        SocketAttacks::beforeConnect),
                new Attack(
                        "bad-logins",
                        "CONNECTs with invalid tokens, always of other users and devices",
                        20,
                        SocketAttacks::badLogins),
                new Attack(
                        "bad-signatures",
                        "CONNECTs with RS256 and ES256 tokens that nobody has signed, some with keys that do not exist",
                        20,
                        SocketAttacks::badSignatures),
                new Attack(
                        "reconnect-storm", "5,000 connects and disconnects, 250 at a time", 100, SocketAttacks::storm),
                new Attack("garbage", "random bytes on every port", 20, SocketAttacks::garbage),
                new Attack(
                        "tls-hello",
                        "the first packet of TLS again and again, on ports without TLS",
                        50,
                        SocketAttacks::tlsHello));
    }

    private static void lengths(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.open(target.mqtt());
        if (number % 2 == 0) {
            // A CONNECT that claims to have 268,435,455 bytes of properties.
            socket.send(
                    Packets.packet(0x10, Packets.hex("0004 4d515454 05 02 003c ff ff ff 7f")),
                    Packets.repeated(Packets.hex("1000"), 20_000));
        } else {
            socket.send(Packets.connect("nobody", "a", "x"), Packets.repeated(Packets.hex("8200"), 20_000));
        }
        socket.drain(target);
    }

    private static void halfOpen(Target target, Raw.Sockets sockets, int number) throws IOException {
        for (int i = 0; i < SOCKETS && !target.over().getAsBoolean(); i++) {
            sockets.open(number % 2 == 0 ? target.mqtt() : target.webSocket());
        }
        sockets.hold(target, 3_500);
    }

    private static void slowHandshakes(Target target, Raw.Sockets sockets, int number) throws IOException {
        List<Raw> open = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            open.add(sockets.open(target.mqtt()));
        }
        byte[] connect = Packets.connect("nobody", "slow", "x".repeat(20));
        for (int at = 0; at < 10 && !target.over().getAsBoolean(); at++) {
            for (Raw one : open) {
                one.send(new byte[] {connect[at]});
            }
            sockets.pause(200);
        }
    }

    private static void beforeConnect(Target target, Raw.Sockets sockets, int number) throws IOException {
        byte[] part = Packets.repeated(new byte[] {'a'}, 64 << 10);
        for (int i = 0; i < SOCKETS && !target.over().getAsBoolean(); i++) {
            try {
                // The packet claims a length of nearly a MiB; its contents never end.
                sockets.open(target.mqtt(), i).send(Packets.hex("10 f0ff3f 0004 4d515454 05 c2 003c 00 ffff"), part);
            } catch (IOException closed) {
                sockets.pause(1);
            }
        }
    }

    private static void badLogins(Target target, Raw.Sockets sockets, int number) throws IOException {
        logins(target, sockets, "guess", number, i -> i % 2 == 0 ? "guess-" + i : Tokens.forged("HS256", i));
    }

    private static void badSignatures(Target target, Raw.Sockets sockets, int number) throws IOException {
        logins(target, sockets, "forge", number, i -> Tokens.forged(i % 2 == 0 ? "ES256" : "RS256", i));
    }

    /** Each of another user: whoever fails again and again is told to wait. */
    private static void logins(Target target, Raw.Sockets sockets, String users, int number, IntFunction<String> tokens)
            throws IOException {
        List<Raw> open = new ArrayList<>();
        for (int i = number * LOGINS; i < (number + 1) * LOGINS; i++) {
            Raw socket = sockets.open(target.mqtt(), i % 0xFFFF);
            open.add(socket.send(Packets.connect(target.uid(users, i), "a", tokens.apply(i))));
        }
        for (Raw socket : open) {
            socket.read();
        }
    }

    private static void storm(Target target, Raw.Sockets sockets, int number) throws IOException {
        if (number % 60 >= 5_000 / STORM) {
            return;
        }
        for (int i = 0; i < STORM && !target.over().getAsBoolean(); i++) {
            String uid = target.uid("storm", i);
            sockets.open(target.mqtt(), i)
                    .send(Packets.connect(uid, "a", target.tokenOf().apply(uid)));
        }
        sockets.closeAll();
    }

    private static void garbage(Target target, Raw.Sockets sockets, int number) throws IOException {
        var ports = List.of(target.mqtt(), target.webSocket(), target.http());
        Raw socket = sockets.open(ports.get(number % ports.size()));
        socket.send(Packets.random(number, 1 + number * 37 % 4_096));
        socket.drain(target);
    }

    private static void tlsHello(Target target, Raw.Sockets sockets, int number) throws IOException {
        var ports = List.of(target.mqtt(), target.webSocket(), target.http());
        Raw socket = sockets.open(ports.get(number % ports.size()));
        byte[] hello = Packets.hex("16 0301 0010 01 00000c 0303 00000000 00000000 0000");
        socket.send(Packets.repeated(hello, 200));
        socket.drain(target);
    }
}
