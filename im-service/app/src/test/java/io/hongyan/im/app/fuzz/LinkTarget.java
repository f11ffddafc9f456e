package io.hongyan.im.app.fuzz;

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
import io.hongyan.broker.hook.grpc.v1.Frame;
import io.hongyan.broker.hook.grpc.v1.Hello;
import io.hongyan.broker.hook.grpc.v1.Item;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Frames of a gate at a node. The first byte says whether a good Hello comes first; then each frame is a byte with its
 * length and so many bytes. The link ends, and no other client notices.
 */
public final class LinkTarget {
    private static final int PORTION = 64;
    private static final Marshaller<byte[]> BYTES = new Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    };
    private static final MethodDescriptor<byte[], byte[]> OPEN = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodType.BIDI_STREAMING)
            .setFullMethodName("hongyan.hook.v1.HostLink/Open")
            .setRequestMarshaller(BYTES)
            .setResponseMarshaller(BYTES)
            .build();
    private static final byte[] HELLO = Frame.newBuilder()
            .addItems(
                    Item.newBuilder().setHello(Hello.newBuilder().setVersion(1).setGate("fuzz")))
            .build()
            .toByteArray();

    private static ManagedChannel channel;
    private static int runs;

    private LinkTarget() {}

    /** Starting the server is not to count as the time of an input. */
    public static void fuzzerInitialize() {
        FuzzedServer.shared();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException, InterruptedException {
        if (input.length == 0) {
            return;
        }
        FuzzedServer fuzzed = FuzzedServer.shared();
        if (channel == null) {
            channel = Grpc.newChannelBuilder(
                            "127.0.0.1:" + fuzzed.server.linkPort(), InsecureChannelCredentials.create())
                    .directExecutor()
                    .build();
        }
        CountDownLatch ended = new CountDownLatch(1);
        ClientCall<byte[], byte[]> call = channel.newCall(OPEN, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.countDown();
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
        if ((input[0] & 1) != 0) {
            call.sendMessage(HELLO);
        }
        for (int at = 1; at < input.length; ) {
            int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
            call.sendMessage(Arrays.copyOfRange(input, at + 1, end));
            at = end;
        }
        call.halfClose();
        if (!ended.await(FuzzedServer.ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the link has not ended");
        }
        runs++;
        if (runs % PORTION == 0) {
            fuzzed.requireOthersServed();
        }
    }
}
