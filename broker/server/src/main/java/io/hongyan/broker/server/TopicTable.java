package io.hongyan.broker.server;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Topics of PUBLISH packets, found by their bytes: clients publish to the same few topics over and over, so each is
 * decoded and checked once. Fixed size; a new topic replaces the one it collides with.
 */
final class TopicTable {
    private static final int SLOTS = 256;
    private static final int CACHED_BYTES_MAX = 256;

    private final Topic[] slots = new Topic[SLOTS];
    private final List<String> claimedPrefixes;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    TopicTable(List<String> claimedPrefixes) {
        this.claimedPrefixes = claimedPrefixes;
    }

    /** The topic in these bytes; null if they are no valid text. */
    Topic topic(ByteBuf packet, int index, int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + packet.getByte(index + i);
        }
        int slot = (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SLOTS - 1);
        Topic known = slots[slot];
        if (known != null && known.is(packet, index, length)) {
            return known;
        }
        byte[] bytes = new byte[length];
        packet.getBytes(index, bytes);
        Topic topic = read(bytes);
        if (topic != null && length <= CACHED_BYTES_MAX) {
            slots[slot] = topic;
        }
        return topic;
    }

    private Topic read(byte[] bytes) {
        String name;
        try {
            name = utf8.decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
        if (name.indexOf('\0') >= 0) {
            return null;
        }
        return new Topic(bytes, name, TopicNames.claimed(name, claimedPrefixes));
    }

    /** A topic, and its properties that do not depend on who publishes. */
    static final class Topic {
        final String name;
        final boolean claimed;
        private final boolean wellFormed;
        private final int levels;
        private final byte[] bytes;

        private Topic(byte[] bytes, String name, boolean claimed) {
            this.bytes = bytes;
            this.name = name;
            this.claimed = claimed;
            this.wellFormed = TopicNames.wellFormedTopic(name);
            this.levels = TopicNames.levels(name);
        }

        /** Null if nobody is refused for it under these limits. */
        TopicFault fault(BrokerConfig.PacketLimits limits) {
            return TopicFault.of(wellFormed, bytes.length, levels, limits);
        }

        private boolean is(ByteBuf packet, int index, int length) {
            if (bytes.length != length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (bytes[i] != packet.getByte(index + i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
