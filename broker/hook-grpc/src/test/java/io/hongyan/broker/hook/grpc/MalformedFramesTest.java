package io.hongyan.broker.hook.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.RecordingHook;
import io.hongyan.broker.hook.grpc.v1.Frame;
import io.hongyan.broker.hook.grpc.v1.Hello;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.metrics.Counters;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A peer that sends what is no message of the link: the link ends, and the log has one line for all. */
@Timeout(60)
class MalformedFramesTest {
    private static final int TIMES = 100;
    private static final int LARGE_TIMES = 3;
    private static final Marshaller<byte[]> BYTES = new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    };

    private final Links links = new Links();
    private final RecordingHook hook = new RecordingHook();
    private final Counters<LinkCounter> counters = new Counters<>(LinkCounter.class);
    private final List<LogRecord> ofLibraries = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> ofOurs = new ListAppender<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            ofLibraries.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private ManagedChannel channel;

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(handler);
        ofOurs.start();
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("ROOT")).addAppender(ofOurs);
    }

    @AfterEach
    void close() {
        Logger.getLogger("").removeHandler(handler);
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("ROOT")).detachAppender(ofOurs);
        channel.shutdownNow();
        links.close();
    }

    @Test
    void aPayloadThatIsNoFrameEndsTheLinkAndIsSummedUp() throws Exception {
        GateLinks node = start();
        for (int i = 0; i < TIMES; i++) {
            assertThat(end(hello(), new byte[] {(byte) 0xff, 1})).isEqualTo(Code.INVALID_ARGUMENT);
        }
        assertSummedUp(node, TIMES, "INVALID_ARGUMENT", "malformed message");
        assertThat(hook.heard).as("of clients").isEmpty();
    }

    @Test
    void aMessageAboveTheLimitEndsTheLinkAndIsSummedUp() throws Exception {
        GateLinks node = start();
        byte[] large = new byte[LinkSettings.MESSAGE_BYTES_MAX + 1];
        for (int i = 0; i < LARGE_TIMES; i++) {
            // Of a stream that is reset the client may see this only.
            assertThat(end(large)).isIn(Code.RESOURCE_EXHAUSTED, Code.CANCELLED);
        }
        assertSummedUp(node, LARGE_TIMES, "RESOURCE_EXHAUSTED", "exceeds maximum size");
    }

    private void assertSummedUp(GateLinks node, int times, String code, String example) {
        await().untilAsserted(
                        () -> assertThat(counters.value(LinkCounter.BROKEN)).isEqualTo(times));
        assertThat(ofLibraries).extracting(LogRecord::getMessage).isEmpty();
        assertThat(warnings()).isEmpty();
        node.summarizeLog();
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("event=\"link broken: " + code + "\" times=" + times + " example=\"/127.0.0.1:")
                .contains(example);
    }

    private List<String> warnings() {
        return new ArrayList<>(ofOurs.list)
                .stream()
                        .filter(event -> event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.WARN))
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList();
    }

    private GateLinks start() throws Exception {
        GateLinks node = links.node(0, hook, new GateRouter(), Links.QUICK, null, counters);
        channel = Grpc.newChannelBuilder("127.0.0.1:" + node.port(), InsecureChannelCredentials.create())
                .build();
        return node;
    }

    private static byte[] hello() {
        return Frame.newBuilder()
                .addItems(Item.newBuilder()
                        .setHello(Hello.newBuilder().setVersion(1).setGate("odd")))
                .build()
                .toByteArray();
    }

    /** Sends these on a stream of its own, and says how it ended. */
    private Code end(byte[]... messages) throws Exception {
        MethodDescriptor<byte[], byte[]> open = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.BIDI_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(LinkMethod.SERVICE, "Open"))
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
        CompletableFuture<Code> ended = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = channel.newCall(open, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status.getCode());
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
        for (byte[] message : messages) {
            call.sendMessage(message);
        }
        return ended.get(30, TimeUnit.SECONDS);
    }
}
