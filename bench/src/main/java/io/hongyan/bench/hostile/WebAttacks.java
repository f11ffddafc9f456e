package io.hongyan.bench.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Attacks over HTTP and WebSocket. */
final class WebAttacks {
    private static final int BOMB_BYTES = 64 << 20;
    private static final byte[] BOMB = bomb();
    private static final int FLOODING = 40;

    private static final int BINARY = 0x82;
    private static final int PING = 0x89;
    private static final int PING_BYTES_MAX = 125;
    private static final int MASKED = 0x80;
    private static final int LENGTH_IN_TWO_BYTES = 126;

    private WebAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack("slow-http", "HTTP bodies that come slowly, with a wrong key", 500, WebAttacks::slowBodies),
                new Attack("http-oddities", "odd methods, paths, versions and headers", 20, WebAttacks::oddities),
                new Attack(
                        "compressed-bomb",
                        "64 MiB of zeros in 64 KiB of gzip, over HTTP, with a wrong key and with a good one",
                        200,
                        WebAttacks::compressedBomb),
                new Attack(
                        "http-flood",
                        "what needs no key, such as /metrics and /ready, asked for by 40 sockets again and again",
                        50,
                        WebAttacks::flood),
                new Attack(
                        "websocket-pings",
                        "WebSocket pings without end, before any MQTT and after a login",
                        50,
                        WebAttacks::pings),
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
        String uid = target.uid("packed", 0);
        String key = number % 2 == 0 ? "wrong" : target.tokenOf().apply(uid);
        sockets.login(target, uid, "a").close();
        Raw socket = sockets.open(target.http());
        socket.send(
                text("POST /v1/groups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                        + BOMB.length + "\r\n\r\n"),
                BOMB);
        socket.read();
        socket.close();
    }

    private static void flood(Target target, Raw.Sockets sockets, int number) throws IOException {
        String requests = List.of("/metrics", "/ready", "/health", "/v1/openapi.json", "/nowhere").stream()
                .map(path -> "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
                .collect(Collectors.joining());
        List<Raw> open = new ArrayList<>();
        for (int i = 0; i < FLOODING && !target.over().getAsBoolean(); i++) {
            open.add(sockets.open(target.http(), 0).send(text(requests.repeat(4))));
        }
        for (Raw socket : open) {
            socket.read();
        }
    }

    private static void pings(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw socket = upgraded(target, sockets);
        if (number % 2 == 1) {
            String uid = target.uid("ping", number % 5);
            byte[] connect = Packets.connect(uid, "a", target.tokenOf().apply(uid));
            socket.send(frame(BINARY, connect));
            socket.read();
        }
        byte[] many = Packets.repeated(frame(PING, new byte[PING_BYTES_MAX]), 200);
        for (int i = 0; i < 20 && !target.over().getAsBoolean(); i++) {
            socket.send(many);
        }
        byte[] empty = Packets.repeated(frame(PING, new byte[0]), 2_000);
        for (int i = 0; i < 30 && !target.over().getAsBoolean(); i++) {
            socket.send(empty);
        }
        socket.send(frame(BINARY, Packets.DISCONNECT)).drain(target);
    }

    /** Masked with zeros, which leaves the bytes as they are. */
    private static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length <= PING_BYTES_MAX) {
            frame.write(MASKED | payload.length);
        } else {
            frame.write(MASKED | LENGTH_IN_TWO_BYTES);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return frame.toByteArray();
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
        socket.drain(target);
    }

    private static Raw upgraded(Target target, Raw.Sockets sockets) throws IOException {
        Raw socket = sockets.open(target.webSocket());
        socket.send(text("GET /mqtt HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"));
        socket.read();
        return socket;
    }

    /**
     * By its owner, as users may. Is there already, where an attack has come round.
     *
     * @param others further members, as JSON has them
     */
    static void makeGroup(Target target, Raw.Sockets sockets, String owner, String id, String others)
            throws IOException {
        String body = "{\"id\":\"" + id + "\",\"name\":\"Crowd\",\"members\":[" + others + "]}";
        Raw http = sockets.open(target.http());
        http.send(text("POST /v1/groups HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + target.tokenOf().apply(owner) + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body));
        http.read();
        http.close();
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
