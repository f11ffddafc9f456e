package io.hongyan.broker.hook.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Errors in what a link calls: what one client's bytes can cause costs a link at most, and is counted; others come to the
 * handler of the process, which ends it.
 */
@Timeout(60)
final class FailuresOfLinksTest {
    private static final ConnectionId CLIENT = new ConnectionId(Links.GATE, 1);

    private final Links links = new Links();
    private final GateRouter router = new GateRouter();
    private final RecordingPresence presence = new RecordingPresence();
    private final LinkCounters counted = new LinkCounters();
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private Thread.UncaughtExceptionHandler before;

    /** What the gate meets when it is told to push. */
    private volatile Error trouble;

    private final RecordingControl broker = new RecordingControl() {
        @Override
        public void pushAll(List<Multicast> pushes) {
            if (trouble != null) {
                throw trouble;
            }
            super.pushAll(pushes);
        }
    };

    @BeforeEach
    void handle() {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> fatal.add(failure));
    }

    @AfterEach
    void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
        links.close();
    }

    /** It would put a handler of its own in the place of the test's. */
    private static ConditionFactory waiting() {
        return await().dontCatchUncaughtExceptions().atMost(Duration.ofSeconds(30));
    }

    private NodeLink pushed(Error error) throws Exception {
        GateLinks node = links.node(new AnsweringHook(broker), router, Links.QUICK);
        NodeLink gate = links.gate(Links.GATE, broker, presence, Links.QUICK, null, counted, node.port());
        waiting().until(gate::up);
        trouble = error;
        push();
        waiting().until(() -> counted.value(LinkCounter.BROKEN) == 1);
        trouble = null;
        return gate;
    }

    private void push() {
        router.push(new byte[] {1}, List.of(new Target(CLIENT, "u/a/inbox", new byte[0], 1, 1)));
    }

    @Test
    void aGateThatRunsOutOfStackAtAPushIsLinkedAgain() throws Exception {
        NodeLink gate = pushed(new StackOverflowError());
        waiting().until(() -> {
            // The one that broke the link is lost.
            if (gate.up()) {
                push();
            }
            return !broker.pushed.isEmpty();
        });
        assertThat(fatal).isEmpty();
    }

    @Test
    void aFatalErrorAtAPushComesToTheHandlerOfTheProcess() throws Exception {
        InternalError error = new InternalError("push");
        pushed(error);
        waiting().until(() -> fatal.contains(error));
    }

    private void published(CompletionStage<PublishVerdict> answer, Error thrown) throws Exception {
        AnsweringHook hook = new AnsweringHook(broker) {
            @Override
            public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
                if (thrown != null) {
                    throw thrown;
                }
                return answer;
            }
        };
        GateLinks node = links.node(hook, router, Links.QUICK);
        NodeLink gate = links.gate(Links.GATE, broker, presence, Links.QUICK, node.port());
        waiting().until(gate::up);
        CompletableFuture<PublishVerdict> asked = gate.publishing(new PublishRequest(CLIENT, "im/send", new byte[0], 1))
                .toCompletableFuture();
        waiting().until(asked::isCompletedExceptionally);
    }

    @Test
    void aFatalErrorAtAQuestionComesToTheHandlerOfTheProcess() throws Exception {
        InternalError error = new InternalError("publish");
        published(null, error);
        waiting().until(() -> fatal.contains(error));
    }

    @Test
    void aFatalErrorInAnAnswerComesToTheHandlerOfTheProcess() throws Exception {
        NoClassDefFoundError error = new NoClassDefFoundError("answer");
        published(CompletableFuture.failedFuture(error), null);
        waiting().until(() -> fatal.contains(error));
    }
}
