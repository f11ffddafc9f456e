package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.hongyan.protocol.Topics;
import io.hongyan.protocol.json.JsonMessages;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Event;
import io.hongyan.protocol.v1.FeedEvent;
import io.hongyan.protocol.v1.InboxEntry;
import io.hongyan.protocol.v1.Notice;
import io.hongyan.protocol.v1.Reply;
import io.hongyan.protocol.v1.SendAck;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Signal;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples on the pages of the protocol and of the feed: the JSON of each says what its bytes say. */
class WireExamplesTest {
    private static final Path PROTOCOL = Path.of("../../docs/protocol.md");
    private static final Path FEED = Path.of("../../docs/feed.md");
    private static final ObjectMapper TREES = new ObjectMapper();
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    /** A line goes on with the lines after it that begin with blanks. */
    private static final Pattern GOES_ON = Pattern.compile("\n +(?=\\S)");

    private static final Pattern OF_TOPIC = Pattern.compile("(?m)^json/(\\S+) +(\\{.*)\n(?:(\\S+) +([0-9a-f ]+)$)?");
    private static final Pattern OF_FEED =
            Pattern.compile("(?s)```json\n(\\{\"key\".*?)```\n(?:\n```\n([0-9a-f \n]+)```\n)?");
    private static final Pattern OF_MESSAGE =
            Pattern.compile("(?m)^(\\w+) in JSON +(\\{.*)\n\\1 in protobuf +([0-9a-f ]+)$");
    private static final Pattern ANNOUNCED = Pattern.compile("(?m)^\\w+ in JSON ");

    /** That a client names its version is shown with one call; the field is the same in all. */
    private static final String IN_EVERY_CALL = ".protocol_version";

    /**
     * @param topic or the name of a message
     * @param bytes null where the page has none
     */
    private record Example(String topic, String json, String bytes) {
        Example {
            bytes = bytes == null ? null : bytes.strip().replaceAll("\\s+", " ");
        }

        Message read() throws Exception {
            Message.Builder into = builder(type());
            JsonMessages.read(json.getBytes(StandardCharsets.UTF_8), into);
            return into.build();
        }

        private String type() {
            if (Character.isUpperCase(topic.charAt(0))) {
                return topic;
            }
            if (topic.startsWith(Topics.CALL_PREFIX)) {
                String method = topic.substring(Topics.CALL_PREFIX.length());
                return Stream.of(method.split("_"))
                        .map(word -> word.substring(0, 1).toUpperCase() + word.substring(1))
                        .collect(Collectors.joining("", "", "Request"));
            }
            return switch (topic.substring(topic.startsWith("u/") ? topic.indexOf('/', 2) : 0)) {
                case Topics.SEND -> "SendRequest";
                case Topics.READ -> "ReadMark";
                case Topics.SIGNAL -> "Signal";
                case Topics.LOGOUT -> "LogoutRequest";
                case "/inbox", "/group/g" -> "InboxEntry";
                case "/reply" -> json.contains("\"requestId\"") ? "Reply" : "SendAck";
                case "/notice" -> "Notice";
                case "feed" -> "FeedEvent";
                default -> throw new AssertionError("The page names a topic that there is not: " + topic);
            };
        }

        @Override
        public String toString() {
            return topic + " " + json;
        }
    }

    private static Message.Builder builder(String type) throws ReflectiveOperationException {
        return (Message.Builder) Class.forName(SendRequest.class.getPackageName() + '.' + type)
                .getMethod("newBuilder")
                .invoke(null);
    }

    static List<Example> ofTopics() throws IOException {
        List<Example> examples = new ArrayList<>();
        Matcher example =
                OF_TOPIC.matcher(GOES_ON.matcher(Files.readString(PROTOCOL)).replaceAll(" "));
        while (example.find()) {
            assertThat(example.group(3))
                    .as("the topic of the bytes after %s", example.group())
                    .isEqualTo(example.group(1));
            examples.add(new Example(example.group(1), example.group(2), example.group(4)));
        }
        return examples;
    }

    static List<Example> ofTheFeed() throws IOException {
        List<Example> examples = new ArrayList<>();
        Matcher example = OF_FEED.matcher(Files.readString(FEED));
        while (example.find()) {
            examples.add(new Example("feed", example.group(1), example.group(2)));
        }
        return examples;
    }

    static List<Example> ofMessages() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Path page : List.of(PROTOCOL, FEED)) {
            String text = GOES_ON.matcher(Files.readString(page)).replaceAll(" ");
            OF_MESSAGE
                    .matcher(text)
                    .results()
                    .forEach(found -> examples.add(new Example(found.group(1), found.group(2), found.group(3))));
            assertThat(OF_MESSAGE.matcher(text).results().count())
                    .as("examples of %s that have bytes", page)
                    .isEqualTo(ANNOUNCED.matcher(text).results().count());
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource({"ofTopics", "ofTheFeed", "ofMessages"})
    void theBytesSayWhatTheJsonSays(Example example) throws Exception {
        Message message = example.read();

        assertThat(TREES.readTree(Json.print(message)))
                .as("as the server writes it")
                .isEqualTo(TREES.readTree(example.json()));
        if (message instanceof Content content && !content.getEncoded().isEmpty()) {
            // Other bytes than those of this message: the server writes this JSON for them.
            byte[] bytes = HEX.parseHex(example.bytes());
            assertThat(TREES.readTree(Json.print(Content.parseFrom(bytes)))).isEqualTo(TREES.readTree(example.json()));
            assertThat(content.getEncoded().toByteArray()).isEqualTo(bytes);
        } else if (example.bytes() != null) {
            assertThat(example.bytes()).isEqualTo(HEX.formatHex(message.toByteArray()));
        }
    }

    @Test
    void everyFieldIsInAnExample() throws Exception {
        Set<String> shown = new TreeSet<>();
        for (List<Example> examples : List.of(ofTopics(), ofTheFeed(), ofMessages())) {
            for (Example example : examples) {
                addFields(example.read(), shown);
            }
        }
        Set<String> missing = new TreeSet<>();
        for (Descriptor one : List.of(InboxEntry.getDescriptor(), Reply.getDescriptor(), FeedEvent.getDescriptor())) {
            one.getFile().getMessageTypes().forEach(type -> addFields(type, missing));
        }
        assertThat(shown).anyMatch(field -> field.endsWith(IN_EVERY_CALL));
        missing.removeAll(shown);
        missing.removeIf(field -> field.endsWith(IN_EVERY_CALL));
        assertThat(missing).as("fields that no example has").isEmpty();
    }

    private static void addFields(Message message, Set<String> fields) {
        message.getAllFields().forEach((field, value) -> {
            fields.add(field.getFullName());
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<?> values = field.isRepeated() ? (List<?>) value : List.of(value);
                values.forEach(inner -> addFields((Message) inner, fields));
            }
        });
    }

    private static void addFields(Descriptor type, Set<String> fields) {
        type.getFields().forEach(field -> fields.add(field.getFullName()));
        type.getNestedTypes().forEach(nested -> addFields(nested, fields));
    }

    @Test
    void anEventOfTheFeedIsThereInBothEncodings() throws IOException {
        assertThat(ofTheFeed()).anyMatch(example -> example.bytes() != null);
    }

    @Test
    void everyPayloadHasAnExample() throws Exception {
        Set<String> shown = new TreeSet<>();
        for (Example example : ofTopics()) {
            shown.add(kind(example.topic(), example.read()));
        }
        assertThat(shown).containsAll(kinds());
    }

    /** Of all topics that clients publish to but reports, which are any bytes, and of all that they get. */
    private static Set<String> kinds() throws IllegalAccessException {
        Set<String> kinds = new TreeSet<>(List.of("SendAck", "SendAck refused", "Reply refused"));
        for (Field constant : Topics.class.getFields()) {
            if (constant.getType() == String.class && !constant.getName().endsWith("_PREFIX")) {
                kinds.add((String) constant.get(null));
            }
        }
        kinds.remove(Topics.SIGNAL);
        members(kinds, Topics.SIGNAL, Signal.getDescriptor());
        members(kinds, "Reply", Reply.getDescriptor());
        members(kinds, "Notice", Notice.getDescriptor());
        members(kinds, "InboxEntry", Event.getDescriptor());
        kinds.addAll(List.of("InboxEntry message", "InboxEntry groupChange", "InboxEntry change"));
        return kinds;
    }

    private static void members(Set<String> kinds, String of, Descriptor type) {
        for (FieldDescriptor member : type.getOneofs().get(0).getFields()) {
            kinds.add(of + ' ' + member.getJsonName());
        }
    }

    private static String kind(String topic, Message message) {
        if (message instanceof InboxEntry entry) {
            String body = member(
                    entry.hasEvent() ? entry.getEvent() : entry.getMessage().getContent());
            return "InboxEntry " + (body.equals("text") ? "message" : body);
        } else if (message instanceof SendAck ack) {
            return ack.getCode() == Code.OK ? "SendAck" : "SendAck refused";
        } else if (message instanceof Reply reply) {
            return "Reply " + (reply.getCode() == Code.OK ? member(reply) : "refused");
        } else if (message instanceof Notice) {
            return "Notice " + member(message);
        }
        return message instanceof Signal ? topic + ' ' + member(message) : topic;
    }

    /** Which one of the oneof is given. */
    private static String member(Message message) {
        Descriptor type = message.getDescriptorForType();
        return message.getOneofFieldDescriptor(type.getOneofs().get(0)).getJsonName();
    }
}
