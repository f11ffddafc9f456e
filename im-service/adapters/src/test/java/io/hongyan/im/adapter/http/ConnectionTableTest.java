package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ConnectionTableTest {
    private static final int MAX = 10;
    private static final int PER_ADDRESS_MAX = 8;

    private final ConnectionTable table = new ConnectionTable(MAX, PER_ADDRESS_MAX);

    private static final class Open implements ConnectionTable.Entry {
        private final String address;
        private boolean waits = true;
        private boolean closed;

        Open(String address) {
            this.address = address;
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
            closed = true;
        }
    }

    private Open open(String address) {
        Open entry = new Open(address);
        assertThat(table.add(entry)).isTrue();
        return entry;
    }

    private Open[] open(String address, int count) {
        Open[] entries = new Open[count];
        for (int i = 0; i < count; i++) {
            entries[i] = open(address);
        }
        return entries;
    }

    @Test
    void anAddressWithTooManyLosesItsOldest() {
        Open other = open("b");
        Open[] own = open("a", PER_ADDRESS_MAX);
        open("a");
        assertThat(own[0].closed).isTrue();
        assertThat(own[1].closed).isFalse();
        assertThat(other.closed).isFalse();
        assertThat(table.open()).isEqualTo(PER_ADDRESS_MAX + 1);
        assertThat(table.closedForOthers()).isEqualTo(1);
    }

    @Test
    void whenThereAreTooManyTheAddressThatHasMostLosesOne() {
        Open few = open("b");
        Open[] most = open("a", PER_ADDRESS_MAX);
        Open fewToo = open("c");
        open("d");
        assertThat(most[0].closed).isTrue();
        assertThat(few.closed).isFalse();
        assertThat(fewToo.closed).isFalse();
        assertThat(table.open()).isEqualTo(MAX);
    }

    @Test
    void oneThatIsBeingAnsweredStaysAndOneThatWasIsTheLastToGo() {
        Open[] own = open("a", PER_ADDRESS_MAX);
        own[0].waits = false;
        table.answered(own[1]);
        open("a");
        assertThat(own[0].closed).isFalse();
        assertThat(own[1].closed).isFalse();
        assertThat(own[2].closed).isTrue();
    }

    @Test
    void whereAllAreBeingAnsweredTheNewOneDoesNotComeIn() {
        for (Open entry : open("a", PER_ADDRESS_MAX)) {
            entry.waits = false;
        }
        assertThat(table.add(new Open("a"))).isFalse();
        assertThat(table.add(new Open("b"))).isTrue();
    }

    @Test
    void whatHasEndedMakesRoom() {
        Open[] own = open("a", PER_ADDRESS_MAX);
        table.remove(own[3]);
        table.remove(own[3]);
        open("a");
        assertThat(own[0].closed).isFalse();
        assertThat(table.open()).isEqualTo(PER_ADDRESS_MAX);
    }
}
