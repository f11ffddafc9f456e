package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.v1.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Reads the final state of the system with Debian's mosquitto_rr and in JSON, so that neither the workload's own client
 * nor its encoding is between the server and the checker.
 */
final class EndStateReader {
    /** Prefix of a key of the feed. */
    private static final String DIRECT = "direct:";

    private static final String PROGRAM = "mosquitto_rr";
    private static final String DEVICE = ":iot:checker";
    private static final int PAGE = 500;
    private static final int ANSWER_SECONDS_MAX = 20;
    private static final int TRIES_MAX = 3;

    private final InetSocketAddress server;
    private final UnaryOperator<String> token;
    private final Journal journal;
    private final JsonMapper json = new JsonMapper();

    EndStateReader(InetSocketAddress server, UnaryOperator<String> token, Journal journal) {
        this.server = server;
        this.token = token;
        this.journal = journal;
    }

    /** Whether the program is installed. */
    static boolean isAvailable() {
        try {
            Process process = new ProcessBuilder(PROGRAM, "--help")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.waitFor();
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Writes everything that a run may have stored into the history.
     *
     * @return the highest number of each conversation by its key in the feed
     */
    Map<String, Long> readAll(CrashPlan plan) {
        Set<String> users = new TreeSet<>(plan.users());
        Map<String, Long> heads = new TreeMap<>();
        for (CrashPlan.DevicePlan device : plan.devices()) {
            for (String peer : device.peers()) {
                if (!peer.startsWith(HistoryEvent.GROUP)) {
                    heads.computeIfAbsent(
                            DIRECT + conversation(device.uid(), peer), key -> readLog(device.uid(), peer));
                }
            }
        }
        for (ChaosGroup group : plan.groups()) {
            heads.put(group.address(), readLog(group.owner(), group.address()));
            users.addAll(group.everybody());
        }
        users.forEach(this::readInbox);
        users.forEach(this::readConversations);
        return heads;
    }

    private static String conversation(String one, String other) {
        return one.compareTo(other) <= 0 ? one + '|' + other : other + '|' + one;
    }

    /**
     * Writes the log of a conversation into the history, page by page from its end to its beginning.
     *
     * @param reader may read all of it
     * @param address the other user, or a group
     * @return its highest number, 0 if it is empty
     */
    long readLog(String reader, String address) {
        Peer peer = HistoryNames.peer(address);
        Deque<JsonNode> messages = new ArrayDeque<>();
        long before = 0;
        while (true) {
            JsonNode page = ask(
                            reader,
                            Topics.CALL_HISTORY,
                            "{\"requestId\":\"h\",\"peer\":{\"kind\":\"%s\",\"id\":\"%s\"},\"beforeSeq\":\"%d\",\"limit\":%d}"
                                    .formatted(peer.getKind(), peer.getId(), before, PAGE))
                    .path("history")
                    .path("messages");
            for (int i = page.size() - 1; i >= 0; i--) {
                messages.addFirst(page.get(i));
            }
            long lowest = page.isEmpty() ? 0 : number(page.get(0), "seq");
            // 0 would ask for the newest page again; a page that does not lead further is left to the checker.
            if (lowest <= 1 || (before > 0 && lowest >= before)) {
                break;
            }
            before = lowest;
        }
        messages.forEach(message -> write(reader, message));
        return messages.isEmpty() ? 0 : number(messages.getLast(), "seq");
    }

    private void write(String reader, JsonNode message) {
        journal.write(at -> new HistoryEvent.Logged(
                at,
                reader,
                message.path("from").asText(),
                message.path("fromDevice").asText(),
                HistoryNames.of(message.path("to")),
                number(message, "seq"),
                message.path("clientMessageId").asText(),
                Contents.of(message),
                HistoryNames.change(message)));
        JsonNode state = message.path("state");
        if (!state.isMissingNode()) {
            writeState(reader, message, state);
        }
    }

    private void writeState(String reader, JsonNode message, JsonNode state) {
        Map<String, Integer> reactions = new LinkedHashMap<>();
        state.path("reactions")
                .forEach(one -> reactions.put(
                        one.path("emoji").asText(), one.path("count").asInt()));
        journal.write(at -> new HistoryEvent.Stated(
                at,
                reader,
                message.path("from").asText(),
                HistoryNames.of(message.path("to")),
                number(message, "seq"),
                number(state, "stateSeq"),
                number(state, "editedAt") > 0,
                state.path("recalled").asBoolean(),
                state.path("pinned").asBoolean(),
                reactions));
    }

    /** Writes the whole inbox of the user into the history. */
    void readInbox(String user) {
        long after = 0;
        while (true) {
            JsonNode entries = ask(
                            user,
                            Topics.CALL_PULL,
                            "{\"requestId\":\"p\",\"afterSeq\":\"%d\",\"limit\":%d}".formatted(after, PAGE))
                    .path("pull")
                    .path("entries");
            if (entries.isEmpty()) {
                return;
            }
            for (JsonNode entry : entries) {
                long seq = number(entry, "seq");
                after = Math.max(after, seq);
                file(user, seq, entry.path("message"));
            }
        }
    }

    /** Writes the list of the user's conversations into the history. */
    void readConversations(String user) {
        String page = "";
        do {
            JsonNode list = ask(
                            user,
                            Topics.CALL_CONVERSATIONS,
                            "{\"requestId\":\"c\",\"page\":\"%s\",\"limit\":%d}".formatted(page, PAGE))
                    .required("conversations");
            list.path("conversations").forEach(listed -> list(user, listed));
            page = list.path("next").asText();
        } while (!page.isEmpty());
    }

    private void list(String user, JsonNode listed) {
        journal.write(at -> new HistoryEvent.Listed(
                at,
                user,
                HistoryNames.of(listed.path("peer")),
                number(listed, "headSeq"),
                number(listed, "readSeq"),
                number(listed, "headOrdinal"),
                number(listed, "readOrdinal"),
                number(listed, "unread")));
    }

    private void file(String user, long inboxSeq, JsonNode message) {
        if (message.isMissingNode()) {
            journal.write(at -> new HistoryEvent.FiledOther(at, user, inboxSeq));
            return;
        }
        journal.write(at -> new HistoryEvent.Filed(
                at,
                user,
                inboxSeq,
                message.path("from").asText(),
                message.path("fromDevice").asText(),
                HistoryNames.of(message.path("to")),
                number(message, "seq"),
                message.path("clientMessageId").asText()));
    }

    private JsonNode ask(String user, String topic, String request) {
        IOException last = null;
        for (int i = 0; i < TRIES_MAX; i++) {
            try {
                return json.readTree(answer(user, topic, request));
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException("no answer to " + topic + " for " + user, last);
    }

    private String answer(String user, String topic, String request) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        PROGRAM,
                        "-V",
                        "5",
                        "-h",
                        server.getAddress().getHostAddress(),
                        "-p",
                        String.valueOf(server.getPort()),
                        "-i",
                        user + DEVICE,
                        "-u",
                        user,
                        "-P",
                        token.apply(user),
                        "-q",
                        "1",
                        "-W",
                        String.valueOf(ANSWER_SECONDS_MAX),
                        "-t",
                        Topics.JSON_PREFIX + topic,
                        "-e",
                        Topics.JSON_PREFIX + Topics.reply(user),
                        "-m",
                        request))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
                    || process.exitValue() != 0
                    || answer.isBlank()) {
                throw new IOException(PROGRAM + " ended without an answer");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The JSON mapping writes 64-bit numbers as strings. */
    private static long number(JsonNode of, String field) {
        return of.path(field).asLong();
    }
}
