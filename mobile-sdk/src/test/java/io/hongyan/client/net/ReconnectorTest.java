package io.hongyan.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectorTest {
    private final List<String> lines = new ArrayList<>();
    private final Gates gates = new Gates("boot");
    private final Reconnector link = new Reconnector(gates, () -> 0.5, new LinkActions() {
        @Override
        public void askForToken() {
            lines.add("ask");
        }

        @Override
        public void connect(String gate) {
            lines.add("connect " + gate);
        }

        @Override
        public void close() {
            lines.add("close");
        }

        @Override
        public void stateChanged(LinkState state) {
            lines.add(state.toString());
        }
    });

    private long millis;

    private List<String> took() {
        List<String> took = List.copyOf(lines);
        lines.clear();
        return took;
    }

    private List<String> after(long moreMillis) {
        millis += moreMillis;
        link.at(millis);
        return took();
    }

    private void connect() {
        link.start();
        link.tokenGiven();
        link.connected();
        took();
    }

    @Test
    void aTokenIsAskedForBeforeTheFirstConnection() {
        link.start();
        link.start();
        assertThat(took()).containsExactly("ASKING_FOR_TOKEN", "ask");
        link.tokenGiven();
        assertThat(took()).containsExactly("CONNECTING", "connect boot");
        link.connected();
        assertThat(took()).containsExactly("CONNECTED");
        assertThat(after(1_000_000)).isEmpty();
    }

    @Test
    void aTokenSourceThatDoesNotAnswerEndsInTokenNeeded() {
        link.start();
        took();
        assertThat(after(29_999)).isEmpty();
        assertThat(after(1)).containsExactly("TOKEN_NEEDED");
        assertThat(after(1_000_000)).isEmpty();
        link.tokenGiven();
        assertThat(took()).containsExactly("CONNECTING", "connect boot");
    }

    @Test
    void anAppWithoutATokenIsAskedAgainWhenItStarts() {
        link.start();
        link.tokenMissing();
        assertThat(took()).containsExactly("ASKING_FOR_TOKEN", "ask", "TOKEN_NEEDED");
        link.start();
        assertThat(took()).containsExactly("ASKING_FOR_TOKEN", "ask");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aRefusedTokenIsAskedForOnceMore(int returnCode) {
        link.start();
        link.tokenGiven();
        took();
        link.refused(returnCode);
        assertThat(took()).containsExactly("ASKING_FOR_TOKEN", "ask");
        link.tokenGiven();
        took();
        link.refused(returnCode);
        assertThat(took()).containsExactly("TOKEN_NEEDED");
        assertThat(after(1_000_000)).isEmpty();
    }

    @Test
    void aTokenThatWasAcceptedMayBeRefusedAgain() {
        connect();
        link.tokenEnded();
        assertThat(took()).containsExactly("close", "ASKING_FOR_TOKEN", "ask");
        link.tokenGiven();
        link.connected();
        link.tokenEnded();
        assertThat(took()).endsWith("ASKING_FOR_TOKEN", "ask");
    }

    @Test
    void aGateThatFailsIsFollowedByTheNextAfterAGrowingPause() {
        gates.named(List.of("a", "b"));
        link.start();
        link.tokenGiven();
        assertThat(took()).contains("connect a");
        link.failed();
        assertThat(took()).containsExactly("WAITING");
        assertThat(after(499)).isEmpty();
        assertThat(after(1)).containsExactly("CONNECTING", "connect b");
        link.refused(3);
        assertThat(after(999)).containsExactly("WAITING");
        assertThat(after(1)).containsExactly("CONNECTING", "connect boot");
        link.failed();
        took();
        assertThat(after(1_999)).isEmpty();
        assertThat(after(1)).containsExactly("CONNECTING", "connect a");
    }

    @Test
    void aGateThatSaysNothingHasFailed() {
        link.start();
        link.tokenGiven();
        took();
        assertThat(after(19_999)).isEmpty();
        assertThat(after(1)).containsExactly("close", "WAITING");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 99})
    void aClientThatIsRefusedStops(int returnCode) {
        link.start();
        link.tokenGiven();
        took();
        link.refused(returnCode);
        assertThat(took()).containsExactly("REFUSED");
        assertThat(after(1_000_000)).isEmpty();
    }

    @Test
    void aConnectionThatWasLostIsMadeAgainAtOnce() {
        connect();
        after(60_000);
        link.lost();
        assertThat(took()).containsExactly("WAITING");
        assertThat(after(0)).containsExactly("CONNECTING", "connect boot");
    }

    @Test
    void connectionsThatEndAtOnceAreCalledUnstableAndPausesGrow() {
        connect();
        link.lost();
        assertThat(after(500)).contains("WAITING", "CONNECTING");
        link.connected();
        link.lost();
        assertThat(after(500)).as("a connection resets the pause").contains("WAITING", "CONNECTING");
        link.connected();
        link.lost();
        assertThat(took()).endsWith("UNSTABLE");
        assertThat(after(500)).contains("CONNECTING");
        link.connected();
        link.lost();
        assertThat(after(999)).as("it does not any more").endsWith("UNSTABLE");
        assertThat(after(1)).contains("CONNECTING");
        link.connected();
        after(60_000);
        link.lost();
        assertThat(took()).as("a connection that lasts does").containsExactly("WAITING");
    }

    @Test
    void theServerSaysWhenToComeBack() {
        gates.named(List.of("a", "b"));
        connect();
        link.goingAway(1_500);
        assertThat(took()).containsExactly("close", "WAITING");
        assertThat(after(1_499)).isEmpty();
        assertThat(after(1)).containsExactly("CONNECTING", "connect b");
    }

    @Test
    void anOperatorsEndAndOtherDataPauseAtRandom() {
        connect();
        link.endedByOperator();
        took();
        assertThat(after(7_499)).isEmpty();
        assertThat(after(1)).contains("CONNECTING");
        link.connected();
        link.dataChanged();
        took();
        assertThat(after(4_999)).isEmpty();
        assertThat(after(1)).contains("CONNECTING");
    }

    @Test
    void whoIsKickedStaysAwayUntilTheUserAsks() {
        connect();
        link.kicked();
        link.lost();
        link.hint();
        assertThat(took()).containsExactly("close", "KICKED");
        assertThat(after(1_000_000)).isEmpty();
        link.start();
        assertThat(took()).containsExactly("CONNECTING", "connect boot");
    }

    @Test
    void aUserWhoIsRefusedForGoodStops() {
        connect();
        link.refusedForGood();
        assertThat(took()).containsExactly("close", "REFUSED");
        assertThat(after(1_000_000)).isEmpty();
    }

    @Test
    void aSilentServerIsLeftForTheNextGate() {
        gates.named(List.of("a", "b"));
        connect();
        link.silent();
        assertThat(took()).containsExactly("close", "WAITING");
        assertThat(after(500)).containsExactly("CONNECTING", "connect b");
    }

    @Test
    void aHintTriesAtOnceButNotAllTheTime() {
        link.start();
        link.tokenGiven();
        link.failed();
        took();
        link.hint();
        assertThat(took()).containsExactly("CONNECTING", "connect boot");
        link.failed();
        link.hint();
        assertThat(took()).containsExactly("WAITING");
        assertThat(after(500)).containsExactly("CONNECTING", "connect boot");
    }

    @Test
    void whatIsStoppedStaysStopped() {
        connect();
        link.stop();
        assertThat(took()).containsExactly("close", "STOPPED");
        link.lost();
        link.failed();
        link.connected();
        link.refused(4);
        link.tokenGiven();
        link.hint();
        link.goingAway(0);
        link.silent();
        assertThat(after(1_000_000)).isEmpty();
        link.stop();
        assertThat(took()).isEmpty();
    }
}
