package io.hongyan.im.core.cluster;

import static io.hongyan.im.core.cluster.TwoNodes.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.data.DataEpoch;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Another epoch of the data begins, at whatever node. */
@Timeout(60)
final class DataEpochTest {
    private final TwoNodes nodes = new TwoNodes();
    private final TwoNodes.Node one = nodes.one;
    private final TwoNodes.Node two = nodes.two;

    @Test
    void anotherEpochEndsAllSessionsAndTheyMayComeBack() {
        DataEpoch first = one.messaging.data().current();
        assertThat(two.messaging.data().current()).isEqualTo(first);
        ClientSession ann = one.logIn("ann", Platform.IOS, "phone");
        ClientSession bob = two.logIn("bob", Platform.WEB, "tab");
        Object[] ended = {new Notice.Ended(CloseReason.DATA_CHANGED, nodes.now), CloseReason.DATA_CHANGED};

        DataEpoch second = done(one.messaging.data().begin());

        assertThat(second).isNotEqualTo(first).isEqualTo(one.messaging.data().current());
        assertThat(nodes.clients.of(ann, Object.class)).containsExactly(ended);
        assertThat(nodes.clients.of(bob, Object.class)).isEmpty();
        two.messaging.data().look();
        assertThat(two.messaging.data().current()).isEqualTo(second);
        assertThat(nodes.clients.of(bob, Object.class)).containsExactly(ended);

        ClientSession back = two.logIn("ann", Platform.IOS, "phone");
        one.messaging.data().look();
        two.messaging.data().look();
        assertThat(nodes.clients.of(back, Object.class)).isEmpty();
        assertThat(one.messaging.data().changes()).isEqualTo(1);
        assertThat(two.messaging.data().changes()).isEqualTo(1);
    }

    @Test
    void twoWhoAskForAnotherOneAtTheSameTimeGetOne() {
        DataEpoch second = done(one.messaging.data().begin());

        assertThat(done(two.messaging.data().begin())).isEqualTo(second);
        assertThat(done(two.messaging.data().begin())).isNotEqualTo(second);
    }

    @Test
    void whoLoggedInBeforeItBeganOrAboutThenMayNotHaveBeenToldIt() {
        DataEpoch first = new DataEpoch("a", 0);
        DataEpoch later = new DataEpoch("b", 1_000_000);

        assertThat(first.wasToldAt(1)).isTrue();
        assertThat(later.wasToldAt(999_999)).isFalse();
        assertThat(later.wasToldAt(1_059_999)).isFalse();
        assertThat(later.wasToldAt(1_060_000)).isTrue();
    }
}
