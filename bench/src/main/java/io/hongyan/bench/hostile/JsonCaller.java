package io.hongyan.bench.hostile;

import io.hongyan.protocol.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that asks in JSON, and reads its answers only where the attack needs one. */
final class JsonCaller {
    /** What is asked before may take long, as it is more than the server takes in a second. */
    private static final int ANSWER_TRIES_MAX = 60;

    private static final int PACKET_ID_MAX = 65_535;

    private final Raw socket;
    private final BooleanSupplier over;
    private final StringBuilder answers = new StringBuilder();
    private int packetId = 1;

    private JsonCaller(Raw socket, BooleanSupplier over) {
        this.socket = socket;
        this.over = over;
    }

    static JsonCaller login(Target target, Raw.Sockets sockets, String uid, String device) throws IOException {
        JsonCaller caller = new JsonCaller(sockets.login(target, uid, device), target.over());
        caller.socket.send(Packets.subscribe(1, Topics.JSON_PREFIX + Topics.reply(uid)));
        return caller;
    }

    /** Sends a message and does not wait for its answer. */
    void send(String id, String to, String content) throws IOException {
        call(Topics.SEND, "{\"clientMessageId\":\"" + id + "\",\"to\":" + to + ",\"content\":" + content + "}");
    }

    /** Sends a message; returns its number in the conversation. */
    long stored(String id, String to, String content) throws IOException {
        send(id, to, content);
        String number = awaited("\"clientMessageId\":\"" + id + "\",(?:\"seq\":\"(\\d+)\"|\"code\")");
        if (number == null) {
            throw new IOException("the message was refused");
        }
        return Long.parseLong(number);
    }

    /** Asks and does not wait for the answer. */
    void call(String topic, String request) throws IOException {
        socket.send(packet(topic, request));
    }

    byte[] packet(String topic, String request) {
        packetId = packetId % PACKET_ID_MAX + 1;
        return Packets.publish(Topics.JSON_PREFIX + topic, 1, packetId, request);
    }

    /** Writes them as one. */
    void write(List<byte[]> packets) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        packets.forEach(all::writeBytes);
        socket.send(all.toByteArray());
    }

    /** Waits until a call is answered, and with it all before. */
    void answered(String requestId) throws IOException {
        awaited("\"requestId\":\"" + requestId + "\"()");
    }

    /** The first group of the pattern; null where it is missing. */
    private String awaited(String answer) throws IOException {
        Pattern pattern = Pattern.compile(answer);
        for (int i = 0; i < ANSWER_TRIES_MAX && !over.getAsBoolean(); ) {
            Matcher found = pattern.matcher(answers);
            if (found.find()) {
                String group = found.group(1);
                answers.setLength(0);
                return group;
            }
            try {
                byte[] more = socket.read();
                if (more.length == 0) {
                    throw new IOException("closed");
                }
                answers.append(new String(more, StandardCharsets.ISO_8859_1));
            } catch (SocketTimeoutException late) {
                i++;
            }
        }
        throw new InterruptedIOException("no answer");
    }
}
