package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BodyReaderTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int MAX = 10_000;

    private long nanos;
    private final BodyReader reader = new BodyReader(MAX, () -> nanos);

    @Test
    void aBodyIsReadWholeWhetherItsLengthIsKnownOrNot() throws IOException {
        for (int length : new int[] {0, 1, 4_095, 4_096, 4_097, MAX}) {
            byte[] body = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
            assertThat(reader.read(new ByteArrayInputStream(body), length)).isEqualTo(body);
            assertThat(reader.read(new ByteArrayInputStream(body), -1)).isEqualTo(body);
        }
    }

    @Test
    void ofABodyAboveTheLimitOneByteTooManyIsRead() throws IOException {
        byte[] body = new byte[2 * MAX];
        assertThat(reader.read(new ByteArrayInputStream(body), body.length)).hasSize(MAX + 1);
        assertThat(reader.read(new ByteArrayInputStream(body), -1)).hasSize(MAX + 1);
    }

    @Test
    void aBodyThatEndsEarlyIsRefused() {
        assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(new byte[5]), 6))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("early");
    }

    @Test
    void aSmallBodyIsNotTooSlowHoweverLongTheReaderWasHeldUp() throws IOException {
        assertThat(reader.read(slow(20, 20, 60 * SECOND), 20)).hasSize(20);
        assertThat(reader.read(slow(20, 10, 2 * SECOND), -1)).hasSize(20);
    }

    @Test
    void aBodyThatTricklesInIsGivenUpAfterSomeSeconds() {
        assertThatThrownBy(() -> reader.read(slow(5_000, 1, SECOND / 10), 5_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("slowly");
        assertThat(nanos).isBetween(5 * SECOND, 6 * SECOND);
    }

    @Test
    void aLargeBodyAtAGoodRateIsTaken() throws IOException {
        assertThat(reader.read(slow(MAX, 100, SECOND / 10), MAX)).hasSize(MAX);
        assertThat(nanos).isGreaterThan(5 * SECOND);
    }

    /** So many bytes at each read, each of which takes so long. */
    private InputStream slow(int length, int bytesEach, long nanosEach) {
        ByteArrayInputStream all = new ByteArrayInputStream(new byte[length]);
        return new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("read in pieces");
            }

            @Override
            public int read(byte[] into, int offset, int count) {
                nanos += nanosEach;
                return all.read(into, offset, Math.min(count, bytesEach));
            }
        };
    }
}
