package io.hongyan.im.app.client;

import io.hongyan.im.app.DevelopmentCertificate;
import io.hongyan.im.app.RunningServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The mosquitto programs: one mosquitto_sub for the inbox, one mosquitto_pub or mosquitto_rr per send. JSON. */
public final class MosquittoClient implements ChatClient {
    private static final long TIMEOUT_SECONDS = 20;

    private final RunningServer server;
    private final String uid;
    private final String token;
    private final List<String> address;
    private final String version;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Process subscriber;

    /**
     * @param version of MQTT: 311 or 5
     * @param topics to which it subscribes besides the inbox
     */
    public MosquittoClient(RunningServer server, String uid, String version, String... topics) throws IOException {
        this(server, List.of("-p", Integer.toString(server.mqttPort())), uid, version, topics);
    }

    /** The same over TLS. */
    public static MosquittoClient overTls(
            RunningServer server, DevelopmentCertificate certificate, String uid, String version) throws IOException {
        List<String> address = List.of(
                "-p",
                Integer.toString(server.mqttsPort()),
                "--cafile",
                certificate.authority().toString());
        return new MosquittoClient(server, address, uid, version);
    }

    private MosquittoClient(RunningServer server, List<String> address, String uid, String version, String... topics)
            throws IOException {
        this.address = address;
        this.server = server;
        this.uid = uid;
        this.version = version;
        this.token = server.token(uid);
        List<String> command = command("mosquitto_sub", "sub");
        command.addAll(List.of("-q", "1", "-t", "json/u/" + uid + "/inbox"));
        for (String topic : topics) {
            command.addAll(List.of("-t", topic));
        }
        long before = server.metric("gate_subscribes_total");
        subscriber = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(() -> read(subscriber), "mosquitto_sub");
        reader.setDaemon(true);
        reader.start();
        Awaitility.await()
                .atMost(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .until(() -> server.metric("gate_subscribes_total") > before);
    }

    private List<String> command(String program, String device) {
        List<String> command = new ArrayList<>(List.of(
                program, "-h", "127.0.0.1", "-V", version, "-i", uid + ":iot:" + device, "-u", uid, "-P", token));
        command.addAll(address);
        return command;
    }

    private void read(Process process) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            lines.add("ended: " + ended.getMessage());
        }
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public void send(String id, String to, String text) throws Exception {
        List<String> command = command("mosquitto_pub", "pub");
        command.addAll(List.of("-q", "1", "-t", "json/im/send", "-m", Payloads.sendJson(id, to, text)));
        run(command);
    }

    /** Publishes and waits for the answer on the reply topic. */
    public String ask(String topic, String payload) throws Exception {
        List<String> command = command("mosquitto_rr", "rr");
        command.addAll(List.of("-q", "1", "-W", "10", "-t", topic, "-e", "json/u/" + uid + "/reply", "-m", payload));
        return run(command);
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(command.get(0) + ": " + output);
        }
        return output;
    }

    @Override
    public List<Received> inbox() {
        return lines.stream()
                .filter(line -> line.startsWith("{"))
                .map(Payloads::receivedJson)
                .filter(received -> received != null)
                .toList();
    }

    /** Everything mosquitto_sub has printed. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        subscriber.destroyForcibly();
    }
}
