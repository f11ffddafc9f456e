package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {
    private static final int MANY = Shares.REMEMBERED_MAX + 500;
    private static final String ALICE = "alice";

    private final Shares<String> shares = new Shares<>();

    private Share opened(String key) {
        return shares.open(key, share -> share.open(2));
    }

    /** However many addresses come and fail: who comes next is let in, and who is connected is known. */
    @Test
    void aFloodOfAddressesIsNotRememberedWithoutEnd() {
        Share alice = opened(ALICE);
        for (int i = 0; i < MANY; i++) {
            assertThat(opened("a" + i)).isNotNull();
            shares.change("a" + i, share -> share.failed(1_000));
            shares.close("a" + i);
        }
        for (int i = 0; i < MANY; i++) {
            shares.change("left" + i, share -> share.failed(1_000));
        }
        assertThat(shares.size()).isEqualTo(Shares.REMEMBERED_MAX + 1);
        assertThat(opened(ALICE)).isSameAs(alice);
        assertThat(opened(ALICE)).as("above the limit").isNull();

        shares.forgetIdle(1_000 + Shares.MINUTE_MILLIS);
        assertThat(shares.size()).isEqualTo(1);
        shares.change("again", share -> share.failed(70_000));
        assertThat(shares.size()).isEqualTo(2);
    }

    @Test
    void aShareComesBackAsItWasUntilItIsForgotten() {
        Share first = opened("a");
        first.failed(1_000);
        shares.close("a");
        assertThat(opened("a")).isSameAs(first);
        shares.close("a");
        shares.forgetIdle(2_000);
        assertThat(shares.size()).isEqualTo(1);
        shares.forgetIdle(1_000 + Shares.MINUTE_MILLIS);
        assertThat(shares.size()).isZero();
        assertThat(opened("a")).isNotSameAs(first);
    }
}
