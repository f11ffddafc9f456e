package io.hongyan.bench.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Attacks over HTTP and WebSocket. */
final class WebAttacks {
    private static final int BOMB_BYTES = 64 << 20;
    private static final byte[] BOMB = bomb();

    private WebAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack("slow-http", "HTTP bodies that come slowly, with a wrong key", 500, WebAttacks::slowBodies),
                new Attack("http-oddities", "odd methods, paths, versions and headers", 20, WebAttacks::oddities),
                new Attack(
                        "compressed-bomb",
                        "64 MiB of zeros in 64 KiB of gzip, over HTTP",
                        200,
                        WebAttacks::compressedBomb),
                new Attack("websocket-pings", "WebSocket pings without end, before any MQTT", 50, WebAttacks::pings),
                new Attack(
                        "websocket-frames",
                        "WebSocket frames that are not masked, incomplete, or too long",
                        50,
                        WebAttacks::frames));
    }

    private static void slowBodies(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw[] slow = new Raw[16];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = sockets.open(target.http());
            slow[i].send(text("POST /v1/groups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer wrong\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"));
        }
        for (int i = 0; i < 10 && !target.over().getAsBoolean(); i++) {
            for (Raw one : slow) {
                one.send(text(" "));
            }
            sockets.pause(300);
        }
    }

    private static void oddities(Target target, Raw.Sockets sockets, int number) throws IOException {
        List<String> requests = List.of(
                "HEAD /ready HTTP/1.1\r\nHost: a\r\n\r\n",
                "PURGE /v1/groups HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v1/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(5_000) + "\r\n",
                "POST /v1/groups HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/groups HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "GET /mqtt HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        Raw socket = sockets.open(target.http());
        socket.send(text(requests.get(number % requests.size())));
        socket.read();
        socket.close();
    }

    private static void compressedBomb(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = sockets.open(target.http());
        socket.send(
                text(
                        "POST /v1/groups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer wrong\r\nContent-Type: application/json\r\n"
                                + "Content-Encoding: gzip\r\nContent-Length: " + BOMB.length + "\r\n\r\n"),
                BOMB);
        socket.read();
        socket.close();
    }

    private static void pings(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = upgraded(target, sockets);
        byte[] ping = new byte[6 + 125];
        ping[0] = (byte) 0x89;
        ping[1] = (byte) (0x80 | 125);
        byte[] many = Packets.repeated(ping, 200);
        for (int i = 0; i < 20 && !target.over().getAsBoolean(); i++) {
            socket.send(many);
        }
        socket.close();
    }

    private static void frames(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = upgraded(target, sockets);
        List<String> frames = List.of(
                "82 05 1000000000",
                "82 ff 7fffffffffffffff 00000000",
                "02 85 00000000 1000000000",
                "81 85 00000000 6865 6c6c6f",
                "f2 80 00000000",
                "88 80 00000000",
                "80 80 00000000");
        socket.send(Packets.repeated(Packets.hex(frames.get(number % frames.size())), 100));
        socket.close();
    }

    private static Raw upgraded(Target target, Raw.Sockets sockets) throws IOException {
        Raw socket = sockets.open(target.webSocket());
        socket.send(text("GET /mqtt HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"));
        socket.read();
        return socket;
    }

    static byte[] text(String request) {
        return request.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bomb() {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
                byte[] nothing = new byte[1 << 20];
                for (int i = 0; i < BOMB_BYTES >> 20; i++) {
                    packed.write(nothing);
                }
            }
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
