package io.hongyan.broker.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.BrokerControl.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is true between a node and the broker it controls, however they are connected. */
@Timeout(30)
public abstract class BrokerControlContract {
    private static final ConnectionId CONNECTION = new ConnectionId("gate-1", 5);

    private final Recorder broker = new Recorder();

    /** The broker as the node sees it. */
    protected abstract BrokerControl join(BrokerControl broker) throws Exception;

    @Test
    void pushArrivesWhole() throws Exception {
        byte[] shared = {9, 8, 7};
        join(broker)
                .push(
                        shared,
                        List.of(
                                new Target(CONNECTION, "u/爱丽丝/inbox", new byte[] {1}, 1, Long.MAX_VALUE),
                                new Target(
                                        new ConnectionId("gate-1", 6), "u/b/inbox", new byte[0], 0, Target.NO_TOKEN)));
        await().until(() -> broker.heard.size() == 1);
        Pushed pushed = (Pushed) broker.heard.get(0);
        assertThat(pushed.shared()).isEqualTo(shared);
        assertThat(pushed.targets()).hasSize(2);
        assertThat(pushed.targets().get(0).connection()).isEqualTo(CONNECTION);
        assertThat(pushed.targets().get(0).topic()).isEqualTo("u/爱丽丝/inbox");
        assertThat(pushed.targets().get(0).head()).containsExactly(1);
        assertThat(pushed.targets().get(0).qos()).isEqualTo(1);
        assertThat(pushed.targets().get(0).token()).isEqualTo(Long.MAX_VALUE);
        assertThat(pushed.targets().get(1).head()).isEmpty();
        assertThat(pushed.targets().get(1).token()).isEqualTo(Target.NO_TOKEN);
    }

    @Test
    void pushesAndDisconnectArriveInTheOrderOfTheCalls() throws Exception {
        BrokerControl control = join(broker);
        for (int i = 0; i < 200; i++) {
            control.push(new byte[] {(byte) i}, List.of(new Target(CONNECTION, "u/a/inbox", new byte[0], 1, i)));
        }
        control.disconnect(CONNECTION, DisconnectCause.SESSION_TAKEN_OVER);
        await().until(() -> broker.heard.size() == 201);
        for (int i = 0; i < 200; i++) {
            assertThat(((Pushed) broker.heard.get(i)).targets().get(0).token()).isEqualTo(i);
        }
        assertThat(broker.heard.get(200)).isEqualTo(new Disconnected(CONNECTION, DisconnectCause.SESSION_TAKEN_OVER));
    }

    @Test
    void pushesHandedOverTogetherArriveInOrderAndBeforeWhatFollows() throws Exception {
        BrokerControl control = join(broker);
        List<Multicast> pushes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pushes.add(new Multicast(new byte[] {(byte) i}, List.of(target(5, i), target(6, i))));
        }
        control.pushAll(pushes);
        control.push(new byte[0], List.of(target(5, 200)));
        await().until(() -> broker.heard.size() == 201);
        for (int i = 0; i < 200; i++) {
            Pushed pushed = (Pushed) broker.heard.get(i);
            assertThat(pushed.shared()).containsExactly((byte) i);
            assertThat(pushed.targets()).extracting(Target::token).containsExactly((long) i, (long) i);
            assertThat(pushed.targets())
                    .extracting(to -> to.connection().number())
                    .containsExactly(5L, 6L);
        }
        assertThat(((Pushed) broker.heard.get(200)).targets().get(0).token()).isEqualTo(200);
    }

    private static Target target(long connection, long token) {
        return new Target(new ConnectionId("gate-1", connection), "u/a/inbox", new byte[0], 1, token);
    }

    /** A push as the broker got it. */
    protected record Pushed(byte[] shared, List<Target> targets) {}

    /** A disconnect as the broker got it. */
    protected record Disconnected(ConnectionId connection, DisconnectCause cause) {}

    private static final class Recorder implements BrokerControl {
        private final List<Object> heard = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void push(byte[] shared, List<Target> targets) {
            heard.add(new Pushed(shared, List.copyOf(targets)));
        }

        @Override
        public void pushAll(List<Multicast> pushes) {
            pushes.forEach(one -> push(one.shared(), one.targets()));
        }

        @Override
        public void disconnect(ConnectionId connection, DisconnectCause cause) {
            heard.add(new Disconnected(connection, cause));
        }
    }
}
