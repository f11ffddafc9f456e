package io.hongyan.bench.load;

import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.SendRequest;
import io.hongyan.protocol.v1.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A serialized {@code SendRequest} whose client message id (a random UUID) and stamp are replaced in place for each
 * message.
 */
final class SendTemplate {
    private static final int UUID_BYTES = 36;
    private static final byte ID_FILLER = '#';
    private static final byte TEXT_FILLER = '~';

    private final SplittableRandom random;
    private final byte[] bytes;
    private final int idAt;
    private final int textAt;

    SendTemplate(String receiverUid, int textBytes, SplittableRandom random) {
        this(Peer.newBuilder().setKind(Peer.Kind.DIRECT).setId(receiverUid).build(), textBytes, random);
    }

    SendTemplate(Peer to, int textBytes, SplittableRandom random) {
        if (textBytes < Stamp.BYTES) {
            throw new IllegalArgumentException("a text must have at least " + Stamp.BYTES + " bytes");
        }
        this.random = random;
        SendRequest request = SendRequest.newBuilder()
                .setClientMessageId(filled(ID_FILLER, UUID_BYTES))
                .setTo(to)
                .setContent(Content.newBuilder().setText(Text.newBuilder().setText(filled(TEXT_FILLER, textBytes))))
                .build();
        bytes = request.toByteArray();
        // Neither filler is valid in a uid, so the first one marks the field.
        idAt = indexOf(ID_FILLER);
        textAt = indexOf(TEXT_FILLER);
    }

    /** The message with that number; the array is the same each time. */
    byte[] stamped(int pair, int index, long intendedNanos) {
        long high = random.nextLong();
        long low = random.nextLong();
        Stamp.hex(bytes, idAt, 8, high >>> 32);
        bytes[idAt + 8] = '-';
        Stamp.hex(bytes, idAt + 9, 4, high >>> 16);
        bytes[idAt + 13] = '-';
        Stamp.hex(bytes, idAt + 14, 4, high & 0x0FFF | 0x4000);
        bytes[idAt + 18] = '-';
        Stamp.hex(bytes, idAt + 19, 4, low >>> 48 & 0x3FFF | 0x8000);
        bytes[idAt + 23] = '-';
        Stamp.hex(bytes, idAt + 24, 12, low);
        Stamp.write(bytes, textAt, pair, index, intendedNanos);
        return bytes;
    }

    private int indexOf(byte filler) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == filler) {
                return i;
            }
        }
        throw new IllegalStateException("no filler in the template");
    }

    private static String filled(byte filler, int length) {
        byte[] fill = new byte[length];
        Arrays.fill(fill, filler);
        return new String(fill, StandardCharsets.US_ASCII);
    }
}
