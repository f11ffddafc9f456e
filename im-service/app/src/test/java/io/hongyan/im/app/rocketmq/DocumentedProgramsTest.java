package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.RunningServer;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.starters.RocketMq;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs on the page for operators compile and work as printed there. */
@Tag("servers")
@Timeout(240)
final class DocumentedProgramsTest {
    private static final Path PAGE = Path.of("../../docs/operating/rocketmq.md");
    private static final String CLASSES =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void thePrintedConsumerPrintsMessages() throws Exception {
        compile("FeedConsumer");
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("feed-documented:3");
        Path output = directory.resolve("output");
        String[] program = {"FeedConsumer", rocketMq.nameServer(), "feed-documented", "documented"};
        AtomicReference<Process> consumer = new AtomicReference<>(run(output, program));
        try (RunningServer server = RunningServer.start(
                        directory.resolve("data"),
                        "HONGYAN_ROCKETMQ_NAME_SERVERS",
                        rocketMq.nameServer(),
                        "HONGYAN_ROCKETMQ_FEED_TOPIC",
                        "feed-documented");
                HiveMq5Client alice = new HiveMq5Client(server, "alice:iot:a")) {
            server.token("bob");
            alice.send("m1", "bob", "hello");
            alice.send("m2", "bob", "are you there?");
            await().atMost(PATIENCE).untilAsserted(() -> {
                // It ends where RocketMQ does not answer in time while it starts, as an operator's would be started
                // again.
                if (!consumer.get().isAlive()) {
                    consumer.set(run(output, program));
                }
                assertThat(Files.readAllLines(output))
                        .filteredOn(line -> line.startsWith("direct:"))
                        .containsExactly(
                                "direct:alice|bob #1 alice: hello", "direct:alice|bob #2 alice: are you there?");
            });
        } finally {
            consumer.get().destroyForcibly();
        }
    }

    @Test
    void thePrintedProducerPushes() throws Exception {
        compile("PushProducer");
        RocketMq rocketMq = RocketMq.shared();
        rocketMq.makeTopics("feed-documented:3", "push-documented:1");
        Path output = directory.resolve("output");
        try (RunningServer server = RunningServer.start(
                        directory.resolve("data"),
                        "HONGYAN_ROCKETMQ_NAME_SERVERS",
                        rocketMq.nameServer(),
                        "HONGYAN_ROCKETMQ_FEED_TOPIC",
                        "feed-documented",
                        "HONGYAN_ROCKETMQ_PUSH_ENABLED",
                        "true",
                        "HONGYAN_ROCKETMQ_PUSH_TOPIC",
                        "push-documented");
                PahoClient alice = PahoClient.online(server, "alice:iot:a")) {
            Process producer = run(
                    output,
                    "PushProducer",
                    rocketMq.nameServer(),
                    "push-documented",
                    "sale-1",
                    "shop",
                    "Sale!",
                    "alice");
            boolean ended = producer.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            producer.destroyForcibly();
            assertThat(ended).as(Files.readString(output)).isTrue();
            assertThat(producer.exitValue()).as(Files.readString(output)).isZero();
            assertThat(Files.readString(output)).contains("SEND_OK");
            await().atMost(PATIENCE).until(() -> alice.inbox().size() == 1);
            assertThat(alice.inbox())
                    .extracting(Received::id, Received::text)
                    .containsExactly(tuple("sale-1", "Sale!"));
        }
    }

    /** The program of the page that has a class of this name. */
    private void compile(String name) throws Exception {
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        String program = code.results()
                .map(found -> found.group(1))
                .filter(text -> text.contains("public class " + name + " "))
                .findFirst()
                .orElseThrow();
        Path source = Files.writeString(directory.resolve(name + ".java"), program);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                directory.toString(),
                                "-cp",
                                CLASSES,
                                source.toString()))
                .isZero();
    }

    private Process run(Path output, String... nameAndArguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                directory + ":" + CLASSES));
        command.addAll(List.of(nameAndArguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }
}
