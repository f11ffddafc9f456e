package io.hongyan.bench.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.util.JsonFormat;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.protocol.v1.FeedEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The feed as read by one of RocketMQ's own clients: a consumer in its own process, which prints messages before it
 * acknowledges them, and is killed with SIGKILL. It continues where RocketMQ has stored the position of its group.
 */
final class RocketMqFeed implements FeedSource {
    private static final String LINE = "event ";
    private static final char END_OF_LINE = '.';
    private static final int EVENTS_MAX = 500;
    /** A consumer needs a few seconds before it gets anything. */
    private static final long LIFE_MILLIS_MIN = 4_000;

    private static final long LIFE_MILLIS_MAX = 25_000;

    private static final long AGAIN_MILLIS = 500;

    private final String name;
    private final RestartableProcess consumer;
    private final BenchTime time;
    private final JsonMapper json = new JsonMapper();
    private final JsonFormat.Printer printer = JsonFormat.printer().omittingInsignificantWhitespace();
    private BufferedReader output;
    private int lives;

    /** @param command prints lines {@code event BASE64.}, events in protobuf or in JSON */
    RocketMqFeed(String name, List<String> command, Path log, BenchTime time) {
        this.name = name;
        this.time = time;
        this.consumer = RestartableProcess.printing(command, log);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long drawLifeMillis(RandomGenerator random) {
        return random.nextLong(LIFE_MILLIS_MIN, LIFE_MILLIS_MAX);
    }

    @Override
    public String open() {
        consumer.start();
        output = consumer.output();
        return "life " + ++lives;
    }

    @Override
    public List<JsonNode> poll() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        boolean alive = consumer.isAlive();
        while (events.size() < EVENTS_MAX && output.ready()) {
            take(output.readLine(), events);
        }
        if (!alive && events.isEmpty()) {
            // RocketMQ was not reachable.
            time.pause(AGAIN_MILLIS);
            open();
        }
        return events;
    }

    @Override
    public List<JsonNode> die() {
        consumer.kill();
        List<JsonNode> events = new ArrayList<>();
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                take(line, events);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what the consumer has printed cannot be read", e);
        }
        return events;
    }

    /** Ignores a line that was cut off: its event is not acknowledged. */
    private void take(String line, List<JsonNode> to) throws IOException {
        int end = line.length() - 1;
        if (line.startsWith(LINE) && line.charAt(end) == END_OF_LINE) {
            to.add(parse(Base64.getDecoder().decode(line.substring(LINE.length(), end))));
        }
    }

    private JsonNode parse(byte[] body) throws IOException {
        // In protobuf the first byte is the tag of the first field.
        boolean isJson = body.length > 0 && body[0] == '{';
        return isJson ? json.readTree(body) : json.readTree(printer.print(FeedEvent.parseFrom(body)));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
