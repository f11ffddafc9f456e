package io.hongyan.im.app.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A client as a separate program: commands on its standard input, events on its standard output. */
final class ProgramClient implements ChatClient {
    private static final long TIMEOUT_SECONDS = 30;

    private final String uid;
    private final Process process;
    private final Writer commands;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<Received> inbox = new CopyOnWriteArrayList<>();

    ProgramClient(String uid, List<String> command) throws Exception {
        this(uid, command, Map.of());
    }

    /** @param environment besides that of this process */
    ProgramClient(String uid, List<String> command, Map<String, String> environment) throws Exception {
        this.uid = uid;
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, command.get(0));
        reader.setDaemon(true);
        reader.start();
        if (!ready.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command.get(0) + " did not get ready");
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                happened(line);
            }
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    private void happened(String line) {
        if (line.equals("ready")) {
            ready.countDown();
        } else if (line.startsWith("acked ")) {
            acknowledged.add(line.substring("acked ".length()));
        } else if (line.startsWith("inbox ")) {
            Received received = Payloads.receivedJson(line.substring("inbox ".length()));
            if (received != null) {
                inbox.add(received);
            }
        }
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public void send(String id, String to, String text) throws IOException {
        commands.write(Payloads.command(id, to, text) + '\n');
        commands.flush();
        Awaitility.await().atMost(TIMEOUT_SECONDS, TimeUnit.SECONDS).until(() -> acknowledged.contains(id));
    }

    @Override
    public List<Received> inbox() {
        return inbox;
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException gone) {
            // It has ended by itself.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
