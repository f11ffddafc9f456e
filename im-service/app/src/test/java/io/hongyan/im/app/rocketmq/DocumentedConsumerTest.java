package io.hongyan.im.app.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.RunningServer;
import io.hongyan.im.app.client.HiveMq5Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The consumer on the page for operators compiles and works as it stands there. */
@Timeout(240)
final class DocumentedConsumerTest {
    private static final Path PAGE = Path.of("../../docs/operating/rocketmq.md");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void thePrintedConsumerPrintsMessages() throws Exception {
        Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(code.find()).isTrue();
        Path source = Files.writeString(directory.resolve("FeedConsumer.java"), code.group(1));
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                directory.toString(),
                                "-cp",
                                classes,
                                source.toString()))
                .isZero();

        RocketMqProcess rocketMq = RocketMqProcess.shared();
        rocketMq.makeTopics("feed-documented:3");
        Path output = directory.resolve("output");
        Process consumer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        directory + ":" + classes,
                        "FeedConsumer",
                        rocketMq.nameServer(),
                        "feed-documented",
                        "documented"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
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
            await().atMost(PATIENCE)
                    .until(() -> Files.readAllLines(output).stream()
                            .filter(line -> line.startsWith("direct:"))
                            .toList()
                            .equals(List.of(
                                    "direct:alice|bob #1 alice: hello", "direct:alice|bob #2 alice: are you there?")));
        } finally {
            consumer.destroyForcibly();
        }
    }
}
