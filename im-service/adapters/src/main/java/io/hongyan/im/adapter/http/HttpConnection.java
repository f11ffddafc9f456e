package io.hongyan.im.adapter.http;

import io.hongyan.protocol.ErrorCode;
import io.hongyan.runtime.FatalErrors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, one request after the other: head, credentials, body, answer. It reads only what it waits for, so a request
 * that is not answered yet keeps those behind it in the socket. Each step has a deadline. Called by the channel's event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements ConnectionTable.Entry {
    /** Fired through the pipeline when bytes come, before they are a request. */
    static final Object BYTES_CAME = new Object();

    /** Name of the handler that fires it. */
    static final String BEGINNINGS = "beginnings";

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private static final Problem NOT_MONITORING = new Problem(
            ErrorCode.NOT_ALLOWED,
            "This address is in none of the networks that may read this (http.metrics_networks).");

    private final HttpShared shared;
    private final String address;
    private final boolean monitoring;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    /** What one read of the socket held, at most. */
    private final Queue<Object> unread = new ArrayDeque<>();

    private ChannelHandlerContext context;
    private ScheduledFuture<?> deadline;
    private Step step = Step.IDLE;
    private volatile boolean waits = true;
    private HttpCall call;
    private String route = Router.OTHER_ROUTES;
    private AnswerWriter writer;
    private boolean bodyEnded;
    private int held;
    private boolean wanted;
    private boolean pumping;
    /** Asks for a WebSocket; given away once its end has been read. */
    private HttpRequest upgrading;
    /** What is answered once the end of a request without a body has been read. */
    private HttpAnswer early;

    /** What is waited for. */
    private enum Step {
        IDLE,
        HEAD,
        CREDENTIALS,
        BODY,
        ANSWER,
        CLOSING
    }

    /** @param monitoring whether the client may ask for what only those may who watch over the server */
    HttpConnection(HttpShared shared, String address, boolean monitoring) {
        this.shared = shared;
        this.address = address;
        this.monitoring = monitoring;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        if (!shared.connections().add(this)) {
            active.close();
            return;
        }
        awaitRequest();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        shared.connections().remove(this);
        clear();
        cancelDeadline();
        step = Step.CLOSING;
        unread.forEach(ReferenceCountUtil::release);
        unread.clear();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        if (event == BYTES_CAME && step == Step.IDLE) {
            step = Step.HEAD;
            within(shared.requestMillisMax(), this::tooSlow);
        }
    }

    /** The codec may have made more of what it read than is wanted yet. */
    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        unread.add(message);
        pump();
    }

    /** Asks for one more message. */
    private void want() {
        wanted = true;
        if (!pumping) {
            pump();
        }
    }

    /** A loop, as many small requests may have come at once. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (wanted && !unread.isEmpty()) {
                wanted = false;
                handle(unread.poll());
            }
        } finally {
            pumping = false;
        }
        if (wanted) {
            context.read();
        }
    }

    private void handle(Object message) {
        try {
            if (step == Step.CLOSING) {
                want();
            } else if (message instanceof HttpRequest head) {
                begin(head);
            } else if (message instanceof HttpContent content) {
                take(content);
            }
        } catch (RuntimeException mistake) {
            fail(mistake);
        } catch (Error error) {
            broken(error);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable trouble) {
        broken(trouble);
    }

    /** Whatever it was, this connection ends; where more than that is at stake the process does. */
    private void broken(Throwable trouble) {
        LOG.debug("a connection of {} broke", address, trouble);
        if (trouble instanceof Error) {
            shared.connections().countFailed();
        }
        context.close();
        FatalErrors.escalate(trouble);
    }

    private void awaitRequest() {
        step = Step.IDLE;
        waits = true;
        within(shared.idleMillisMax(), context::close);
        want();
    }

    private void begin(HttpRequest head) {
        if (step == Step.IDLE) {
            within(shared.requestMillisMax(), this::tooSlow);
        }
        step = Step.CREDENTIALS;
        bodyEnded = false;
        writer = AnswerWriter.of(shared, head);
        Problem unfit = RequestHead.fault(head);
        if (unfit == null && shared.browsers().asksForWebSocket(head)) {
            upgrading = head;
            route = Router.OTHER_ROUTES;
            want();
            return;
        }
        call = unfit == null
                ? shared.router().find(head.method().name(), head.uri(), head.headers()::get)
                : HttpCall.refused(Router.OTHER_ROUTES, unfit);
        route = call.route();
        whenDone(admitted(), (none, trouble) -> {
            if (step == Step.CREDENTIALS) {
                if (trouble == null) {
                    awaitBody(head);
                } else {
                    refuse(head, problem(trouble));
                }
            }
        });
    }

    private CompletionStage<Void> admitted() {
        if (call.monitoring() && !monitoring) {
            return CompletableFuture.failedFuture(NOT_MONITORING);
        }
        try {
            return call.admit(address);
        } catch (Problem refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Where nothing follows the head the connection can go on. */
    private void refuse(HttpRequest head, Problem problem) {
        boolean followed = head.decoderResult().isFailure()
                || HttpUtil.isTransferEncodingChunked(head)
                || HttpUtil.getContentLength(head, 0L) != 0;
        if (followed) {
            writer.closeAfter();
            answer(problem.answer());
        } else {
            step = Step.ANSWER;
            early = problem.answer();
            want();
        }
    }

    private void awaitBody(HttpRequest head) {
        if (HttpUtil.getContentLength(head, 0L) > call.bodyBytesMax()) {
            throw tooLarge();
        }
        step = Step.BODY;
        if (HttpUtil.is100ContinueExpected(head)) {
            context.writeAndFlush(AnswerWriter.goOn());
        }
        want();
    }

    private void take(HttpContent content) {
        if (upgrading != null) {
            if (!(content instanceof LastHttpContent) || content.content().isReadable()) {
                upgrading = null;
                throw Problem.malformed("A request for a WebSocket must have no body.");
            }
            giveAway();
            return;
        }
        if (early != null) {
            HttpAnswer answer = early;
            early = null;
            answer(answer);
            return;
        }
        if (content.decoderResult().isFailure()) {
            throw Problem.malformed("The body does not match the headers of the request.");
        }
        ByteBuf bytes = content.content();
        int length = bytes.readableBytes();
        int whole = body.size() + length;
        if (whole > call.bodyBytesMax()) {
            throw tooLarge();
        }
        int counted = whole <= HttpShared.SMALL_BYTES ? 0 : whole - held;
        if (!shared.memory().take(address, counted)) {
            throw new Problem(
                    ErrorCode.RATE_LIMITED,
                    "The server already holds as much for this address as it may;" + " try again later.");
        }
        held += counted;
        body.writeBytes(ByteBufUtil.getBytes(bytes));
        if (content instanceof LastHttpContent) {
            bodyEnded = true;
            ask();
        } else {
            want();
        }
    }

    private void giveAway() {
        cancelDeadline();
        shared.connections().remove(this);
        step = Step.CLOSING;
        FullHttpRequest request = new DefaultFullHttpRequest(
                upgrading.protocolVersion(),
                upgrading.method(),
                upgrading.uri(),
                Unpooled.EMPTY_BUFFER,
                upgrading.headers(),
                EmptyHttpHeaders.INSTANCE);
        ChannelPipeline pipeline = context.pipeline();
        pipeline.remove(BEGINNINGS);
        pipeline.remove(this);
        unread.forEach(ReferenceCountUtil::release);
        unread.clear();
        shared.browsers().give(pipeline, request);
    }

    private void ask() {
        step = Step.ANSWER;
        waits = false;
        cancelDeadline();
        byte[] whole = body.toByteArray();
        body = new ByteArrayOutputStream(0);
        whenDone(call.answer(whole), (given, trouble) -> {
            if (step == Step.ANSWER) {
                clear();
                answer(trouble == null ? given : problem(trouble).answer());
            }
        });
    }

    private void answer(HttpAnswer answer) {
        step = Step.ANSWER;
        within(shared.idleMillisMax(), context::close);
        waits = true;
        writer.write(context, address, route, answer, keep -> {
            if (keep) {
                shared.connections().answered(this);
                clear();
                awaitRequest();
            } else {
                linger();
            }
        });
    }

    /** Closed at once, what the client has sent and nobody reads would destroy the answer on its way. */
    private void linger() {
        step = Step.CLOSING;
        clear();
        within(shared.lingerMillis(), context::close);
        AnswerWriter.shutDownOutput(context.channel());
        want();
    }

    private void fail(RuntimeException mistake) {
        if (!(mistake instanceof Problem)) {
            // A client may be able to do it again and again; the answer is 503, which is counted.
            LOG.debug("a request over HTTP failed", mistake);
        }
        if (!bodyEnded) {
            writer.closeAfter();
        }
        answer(problem(mistake).answer());
    }

    private void tooSlow() {
        if (step == Step.CREDENTIALS) {
            fail(Problem.unavailable());
            return;
        }
        if (step == Step.HEAD) {
            writer = AnswerWriter.ofNoRequest(shared);
            route = Router.OTHER_ROUTES;
        }
        writer.closeAfter();
        answer(new Problem(
                        ErrorCode.MALFORMED,
                        HttpResponseStatus.REQUEST_TIMEOUT,
                        "The request was not complete after " + shared.requestMillisMax() + " ms.")
                .answer());
    }

    private Problem tooLarge() {
        return new Problem(ErrorCode.TOO_LARGE, "The body may have at most " + call.bodyBytesMax() + " bytes.");
    }

    private static Problem problem(Throwable trouble) {
        Throwable cause =
                trouble instanceof CompletionException && trouble.getCause() != null ? trouble.getCause() : trouble;
        return cause instanceof Problem problem ? problem : Problem.unavailable();
    }

    private <T> void whenDone(CompletionStage<T> stage, BiConsumer<T, Throwable> then) {
        stage.whenComplete((given, trouble) -> {
            if (context.executor().inEventLoop()) {
                guarded(given, trouble, then);
            } else {
                context.executor().execute(() -> guarded(given, trouble, then));
            }
        });
    }

    private <T> void guarded(T given, Throwable trouble, BiConsumer<T, Throwable> then) {
        try {
            then.accept(given, trouble);
        } catch (RuntimeException mistake) {
            fail(mistake);
        } catch (Error error) {
            broken(error);
        }
    }

    private void within(long millis, Runnable otherwise) {
        cancelDeadline();
        Runnable late = () -> guarded(null, null, (none, trouble) -> otherwise.run());
        deadline = context.executor().schedule(late, millis, TimeUnit.MILLISECONDS);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Gives back what the body took. */
    private void clear() {
        shared.memory().giveBack(address, held);
        held = 0;
        if (body.size() > 0) {
            body = new ByteArrayOutputStream(0);
        }
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public boolean waits() {
        return waits;
    }

    @Override
    public void closeForAnother() {
        Channel channel = context.channel();
        channel.eventLoop().execute(channel::close);
    }
}
