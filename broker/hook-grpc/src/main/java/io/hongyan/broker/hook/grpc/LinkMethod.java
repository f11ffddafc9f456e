package io.hongyan.broker.hook.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.hongyan.broker.hook.grpc.v1.Frame;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.metrics.Counters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The one method of the service, and how its messages are read and written. */
final class LinkMethod {
    static final String SERVICE = "hongyan.hook.v1.HostLink";
    static final int VERSION = 1;

    /**
     * In the place of a message to a node that is none: gRPC would log an exception with its stack trace. Compared by
     * identity.
     */
    static final Frame MALFORMED =
            Frame.newBuilder().addItems(Item.getDefaultInstance()).build();

    private LinkMethod() {}

    /** @param counters count messages and bytes in both directions */
    static MethodDescriptor<Frame, Frame> open(Counters<LinkCounter> counters) {
        return MethodDescriptor.<Frame, Frame>newBuilder()
                .setType(MethodType.BIDI_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Open"))
                .setRequestMarshaller(new FrameMarshaller(counters, true))
                .setResponseMarshaller(new FrameMarshaller(counters, false))
                .build();
    }

    /** What grpc-protobuf does too, without its many dependencies. */
    private record FrameMarshaller(Counters<LinkCounter> counters, boolean atNode) implements Marshaller<Frame> {
        @Override
        public InputStream stream(Frame frame) {
            counters.increment(LinkCounter.MESSAGES_SENT);
            counters.add(LinkCounter.BYTES_SENT, frame.getSerializedSize());
            return new FrameStream(frame);
        }

        @Override
        public Frame parse(InputStream stream) {
            try {
                counters.increment(LinkCounter.MESSAGES_RECEIVED);
                counters.add(LinkCounter.BYTES_RECEIVED, stream.available());
                return Frame.parseFrom(CodedInputStream.newInstance(stream));
            } catch (IOException malformed) {
                if (atNode) {
                    return MALFORMED;
                }
                throw Status.INTERNAL
                        .withDescription("malformed message")
                        .withCause(malformed)
                        .asRuntimeException();
            }
        }
    }

    /** A message that is written directly to its destination, without a copy. */
    private static final class FrameStream extends InputStream implements Drainable, KnownLength {
        private Frame frame;
        private ByteArrayInputStream partial;

        FrameStream(Frame frame) {
            this.frame = frame;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            if (frame == null) {
                return partial == null ? 0 : (int) partial.transferTo(target);
            }
            int bytes = frame.getSerializedSize();
            CodedOutputStream out = CodedOutputStream.newInstance(target);
            frame.writeTo(out);
            out.flush();
            frame = null;
            return bytes;
        }

        @Override
        public int available() {
            return frame != null ? frame.getSerializedSize() : partial == null ? 0 : partial.available();
        }

        @Override
        public int read() {
            return bytes().read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return bytes().read(into, offset, length);
        }

        private ByteArrayInputStream bytes() {
            if (partial == null) {
                partial = new ByteArrayInputStream(frame == null ? new byte[0] : frame.toByteArray());
                frame = null;
            }
            return partial;
        }
    }
}
