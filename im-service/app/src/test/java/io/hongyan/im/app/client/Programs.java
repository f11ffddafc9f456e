package io.hongyan.im.app.client;

import io.hongyan.im.app.DevelopmentCertificate;
import io.hongyan.im.app.RunningServer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Creates clients that are separate programs. */
public final class Programs {
    private static final Path NODE_SOURCES = Path.of("src/test/node");
    private static final Path NODE = Path.of("target/node");
    private static final long INSTALL_MINUTES_MAX = 5;

    private Programs() {}

    /** Debian's python3-paho-mqtt: MQTT 3.1.1 over TCP, JSON. */
    public static ChatClient python(RunningServer server, String uid) throws Exception {
        return new ProgramClient(
                uid,
                List.of(
                        "/usr/bin/python3",
                        "src/test/python/client.py",
                        "127.0.0.1",
                        Integer.toString(server.mqttPort()),
                        uid,
                        "python",
                        server.token(uid)));
    }

    /**
     * The same client with Debian's python3-protobuf. It prints {@code content ID HEX} for what comes, and sends what it is
     * told by {@code ID UID HEX}.
     *
     * @param description a file with a {@code FileDescriptorSet} of what clients send and get
     */
    public static LineProgram pythonProtobuf(RunningServer server, String uid, Path description) throws IOException {
        return new LineProgram(
                List.of(
                        "/usr/bin/python3",
                        "src/test/python/protobuf_client.py",
                        "127.0.0.1",
                        Integer.toString(server.mqttPort()),
                        uid,
                        server.token(uid),
                        description.toString()),
                Map.of());
    }

    /** The same with mqtt.js and protobuf-es. */
    public static LineProgram nodeProtobuf(RunningServer server, String uid, Path description) throws Exception {
        return node("protobuf-client.mjs", webSocket(server), uid, server.token(uid), description.toString());
    }

    /**
     * mqtt.js with its own reconnect, which looks at no reason. It prints {@code connack CODE REASON} and
     * {@code disconnect CODE}.
     */
    public static LineProgram stubborn(RunningServer server, String clientId, int protocolVersion) throws Exception {
        String uid = clientId.substring(0, clientId.indexOf(':'));
        String version = Integer.toString(protocolVersion);
        return node("stubborn.mjs", webSocket(server), clientId, server.token(uid), version);
    }

    private static LineProgram node(String program, String... arguments) throws Exception {
        installNodeModules();
        List<String> command =
                new ArrayList<>(List.of("node", NODE.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return new LineProgram(command, Map.of());
    }

    private static String webSocket(RunningServer server) {
        return "ws://127.0.0.1:" + server.webSocketPort() + "/mqtt";
    }

    /** mqtt.js: MQTT 5 over WebSocket, JSON. */
    public static ChatClient node(RunningServer server, String uid) throws Exception {
        return node(server, uid, webSocket(server), Map.of());
    }

    /** The same over TLS. */
    public static ChatClient nodeOverTls(RunningServer server, DevelopmentCertificate certificate, String uid)
            throws Exception {
        return node(
                server,
                uid,
                "wss://127.0.0.1:" + server.wssPort() + "/mqtt",
                Map.of("NODE_EXTRA_CA_CERTS", certificate.authority().toString()));
    }

    /** mqtt.js at another address of that server. */
    public static ChatClient nodeAt(RunningServer server, String uid, String url, DevelopmentCertificate certificate)
            throws Exception {
        return node(
                server,
                uid,
                url,
                Map.of("NODE_EXTRA_CA_CERTS", certificate.authority().toString()));
    }

    /**
     * Where programs of Node lie with all that they need, among it what makes and checks clients of the API. Of one test only:
     * others would write the same files.
     */
    public static Path nodeDirectory() throws IOException, InterruptedException {
        installNodeModules();
        return NODE.toAbsolutePath();
    }

    private static ChatClient node(RunningServer server, String uid, String url, Map<String, String> environment)
            throws Exception {
        installNodeModules();
        List<String> command =
                List.of("node", NODE.resolve("client.mjs").toString(), url, uid, "node", server.token(uid));
        return new ProgramClient(uid, command, environment);
    }

    /** Once for all: other JVMs may run tests of this module at the same time. */
    private static synchronized void installNodeModules() throws IOException, InterruptedException {
        Files.createDirectories(NODE);
        try (FileChannel lockFile = FileChannel.open(
                        NODE.resolve("install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lockFile.lock()) {
            assert held.isValid();
            Path installed = NODE.resolve("installed-lock.json");
            Path wanted = NODE_SOURCES.resolve("package-lock.json");
            try (DirectoryStream<Path> sources = Files.newDirectoryStream(NODE_SOURCES)) {
                for (Path source : sources) {
                    copyIfChanged(source, NODE.resolve(source.getFileName()));
                }
            }
            if (!Files.exists(installed) || Files.mismatch(installed, wanted) >= 0) {
                npmCi();
                Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Who reads it meanwhile finds it whole. */
    private static void copyIfChanged(Path source, Path target) throws IOException {
        if (Files.exists(target) && Files.mismatch(source, target) < 0) {
            return;
        }
        Path whole = target.resolveSibling(target.getFileName() + ".new");
        Files.copy(source, whole, StandardCopyOption.REPLACE_EXISTING);
        Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void npmCi() throws IOException, InterruptedException {
        // Not this process's own input and output: Surefire speaks with the test's JVM over them.
        Process install = new ProcessBuilder("npm", "ci", "--silent", "--prefer-offline")
                .directory(NODE.toFile())
                .redirectErrorStream(true)
                .redirectOutput(NODE.resolve("npm.log").toFile())
                .start();
        if (!install.waitFor(INSTALL_MINUTES_MAX, TimeUnit.MINUTES) || install.exitValue() != 0) {
            install.destroyForcibly();
            throw new AssertionError("npm ci failed; see npm.log in " + NODE.toAbsolutePath());
        }
    }
}
