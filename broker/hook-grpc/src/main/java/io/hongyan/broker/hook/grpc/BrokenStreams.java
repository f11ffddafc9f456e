package io.hongyan.broker.hook.grpc;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.hongyan.metrics.Counters;
import io.hongyan.runtime.RateLimitedLog;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the streams at a node that ended because of what came over them, and sums them up in the log. gRPC itself would
 * write a warning with a stack trace for each.
 */
final class BrokenStreams extends ServerStreamTracer.Factory {
    /** Kept here, since a level is forgotten with its logger. */
    private static final List<Logger> SILENCED = List.of(
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream"),
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler"));

    /** The others are ends by a node or a gate in good order, refusals with a counter of their own, and lost connections. */
    private static final Set<Code> BY_WHAT_CAME =
            EnumSet.of(Code.INVALID_ARGUMENT, Code.RESOURCE_EXHAUSTED, Code.UNIMPLEMENTED, Code.INTERNAL, Code.UNKNOWN);

    static {
        SILENCED.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    private final RateLimitedLog log = new RateLimitedLog(LoggerFactory.getLogger(GateLinks.class)::warn);
    private final Counters<LinkCounter> counters;

    BrokenStreams(Counters<LinkCounter> counters) {
        this.counters = counters;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new ServerStreamTracer() {
            private volatile Object peer;

            @Override
            public void serverCallStarted(ServerCallInfo<?, ?> call) {
                peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            }

            @Override
            public void streamClosed(Status status) {
                if (BY_WHAT_CAME.contains(status.getCode())) {
                    log.count("link broken: " + status.getCode(), () -> peer + ": " + status.getDescription());
                    counters.increment(LinkCounter.BROKEN);
                }
            }
        };
    }

    /** Called every {@link RateLimitedLog#PERIOD_MILLIS}. */
    void summarize() {
        log.summarize();
    }
}
