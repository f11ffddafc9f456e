package io.hongyan.servers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/**
 * Requests to create topics and groups while RocketMQ runs: a file {@code ID.request} in a directory, with lines
 * {@code topic NAME} and {@code group NAME}, is answered by {@code ID.done}, or by {@code ID.failed} with the reason.
 */
final class RocketMqRequests {
    private static final String REQUEST = ".request";
    private static final String TOPIC = "topic ";
    private static final String GROUP = "group ";

    private final Path directory;
    private final RocketMqAdmin admin;

    /** Creates the directory. */
    RocketMqRequests(Path directory, RocketMqAdmin admin) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.admin = admin;
    }

    /** Answers the waiting requests. */
    void answer() throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*" + REQUEST)) {
            for (Path request : found) {
                answer(request);
            }
        }
    }

    private void answer(Path request) throws IOException {
        String outcome = ".done";
        String reason = "";
        try {
            make(Files.readAllLines(request));
        } catch (TypeConversionException wrong) {
            outcome = ".failed";
            reason = wrong.getMessage();
        } catch (Exception failure) {
            outcome = ".failed";
            reason = failure.toString();
        }
        String id = request.getFileName().toString();
        id = id.substring(0, id.length() - REQUEST.length());
        Path whole = Files.writeString(directory.resolve(id + ".new"), reason);
        Files.move(whole, directory.resolve(id + outcome), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(request);
    }

    private void make(List<String> lines) throws Exception {
        List<Topic> topics = new ArrayList<>();
        List<ConsumerGroup> groups = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(TOPIC)) {
                topics.add(new Topic.Converter().convert(line.substring(TOPIC.length())));
            } else if (line.startsWith(GROUP)) {
                groups.add(new ConsumerGroup.Converter().convert(line.substring(GROUP.length())));
            }
        }
        admin.make(topics, groups);
    }
}
