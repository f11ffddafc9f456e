package io.hongyan.im.app.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** A client as a separate program: commands on its standard input, events on its standard output. */
final class ProgramClient implements ChatClient {
    private static final String INBOX = "inbox ";

    private final String uid;
    private final LineProgram program;

    ProgramClient(String uid, List<String> command) throws IOException {
        this(uid, command, Map.of());
    }

    /** @param environment besides that of this process */
    ProgramClient(String uid, List<String> command, Map<String, String> environment) throws IOException {
        this.uid = uid;
        this.program = new LineProgram(command, environment);
        try {
            program.awaitLine("ready");
        } catch (RuntimeException late) {
            program.close();
            throw late;
        }
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public void send(String id, String to, String text) throws IOException {
        program.write(Payloads.command(id, to, text));
        program.awaitLine("acked " + Pattern.quote(id));
    }

    @Override
    public List<Received> inbox() {
        return program.lines().stream()
                .filter(line -> line.startsWith(INBOX))
                .map(line -> Payloads.receivedJson(line.substring(INBOX.length())))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public void close() {
        program.close();
    }
}
