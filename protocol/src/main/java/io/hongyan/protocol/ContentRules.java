package io.hongyan.protocol;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.hongyan.protocol.v1.Card;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.Custom;
import io.hongyan.protocol.v1.File;
import io.hongyan.protocol.v1.Image;
import io.hongyan.protocol.v1.Location;
import io.hongyan.protocol.v1.Merged;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.Quote;
import io.hongyan.protocol.v1.Video;
import io.hongyan.protocol.v1.Voice;
import java.util.HashMap;
import java.util.Map;

/**
 * Limits of the fields of a {@code Content} beyond their types. The comments of {@code message.proto} say the same for
 * people.
 */
final class ContentRules {
    /** Limit of {@code mentions}. */
    static final int MENTIONS_MAX = 50;

    private static final int NAME_BYTES_MAX = 255;
    private static final int MEDIA_TYPE_BYTES_MAX = 127;
    private static final int THUMB_HASH_BYTES_MAX = 64;
    private static final int WAVEFORM_BYTES_MAX = 256;
    private static final int ADDRESS_BYTES_MAX = 512;
    private static final int EXCERPT_BYTES_MAX = 512;
    private static final int ITEMS_MAX = 100;
    private static final int PIXELS_MAX = 65_535;
    private static final int DAY_MILLIS = 24 * 3_600 * 1_000;
    private static final int LATITUDE_E7_MAX = 900_000_000;
    private static final int LONGITUDE_E7_MAX = 1_800_000_000;

    private static final Map<String, Rule> RULES = new HashMap<>();

    static {
        file(Image.getDescriptor());
        picture(Image.getDescriptor());
        file(Voice.getDescriptor());
        rule(Voice.getDescriptor(), "duration_millis", Rule.number(0, DAY_MILLIS));
        rule(Voice.getDescriptor(), "waveform", Rule.bytes(WAVEFORM_BYTES_MAX));
        file(Video.getDescriptor());
        picture(Video.getDescriptor());
        rule(Video.getDescriptor(), "duration_millis", Rule.number(0, DAY_MILLIS));
        rule(Video.getDescriptor(), "cover_file_id", Rule.NAME);
        file(File.getDescriptor());
        rule(File.getDescriptor(), "name", Rule.line(1, NAME_BYTES_MAX).needed());
        rule(Location.getDescriptor(), "latitude_e7", Rule.number(-LATITUDE_E7_MAX, LATITUDE_E7_MAX));
        rule(Location.getDescriptor(), "longitude_e7", Rule.number(-LONGITUDE_E7_MAX, LONGITUDE_E7_MAX));
        rule(Location.getDescriptor(), "name", Rule.line(0, NAME_BYTES_MAX));
        rule(Location.getDescriptor(), "address", Rule.line(0, ADDRESS_BYTES_MAX));
        rule(Card.getDescriptor(), "peer", Rule.ANYTHING.needed());
        rule(Card.getDescriptor(), "name", Rule.line(1, NAME_BYTES_MAX).needed());
        rule(
                Peer.getDescriptor(),
                "kind",
                Rule.number(Peer.Kind.DIRECT_VALUE, Peer.Kind.GROUP_VALUE).needed());
        rule(Peer.getDescriptor(), "id", Rule.NAME.needed());
        rule(Merged.getDescriptor(), "title", Rule.line(1, NAME_BYTES_MAX).needed());
        rule(Merged.getDescriptor(), "items", Rule.ANYTHING.needed().atMost(ITEMS_MAX));
        rule(Merged.Item.getDescriptor(), "name", Rule.line(1, NAME_BYTES_MAX).needed());
        rule(Merged.Item.getDescriptor(), "content", Rule.ANYTHING.needed());
        rule(Custom.getDescriptor(), "type", Rule.NAME.needed());
        rule(Custom.getDescriptor(), "summary", Rule.line(0, NAME_BYTES_MAX));
        rule(Quote.getDescriptor(), "seq", Rule.number(1, Long.MAX_VALUE).needed());
        rule(Quote.getDescriptor(), "from", Rule.NAME.needed());
        rule(Quote.getDescriptor(), "excerpt", Rule.bytes(EXCERPT_BYTES_MAX));
        rule(Content.getDescriptor(), "mentions", Rule.NAME.atMost(MENTIONS_MAX));
    }

    private ContentRules() {}

    /** Null if the type has no further limits. */
    static Rule of(FieldDescriptor field) {
        return RULES.get(field.getFullName());
    }

    private static void file(Descriptor type) {
        rule(type, "file_id", Rule.NAME.needed());
        rule(type, "size", Rule.number(0, Long.MAX_VALUE));
        rule(type, "media_type", Rule.line(0, MEDIA_TYPE_BYTES_MAX));
    }

    private static void picture(Descriptor type) {
        rule(type, "width", Rule.number(0, PIXELS_MAX));
        rule(type, "height", Rule.number(0, PIXELS_MAX));
        rule(type, "thumb_hash", Rule.bytes(THUMB_HASH_BYTES_MAX));
    }

    private static void rule(Descriptor type, String field, Rule rule) {
        RULES.put(type.findFieldByName(field).getFullName(), rule);
    }

    /**
     * @param required whether it is mandatory
     * @param min of a number; for a text or bytes the least length in bytes
     * @param max likewise
     * @param characters allowed in a text
     * @param countMax of a list, 0 = no limit
     */
    record Rule(boolean required, long min, long max, Characters characters, int countMax) {
        static final Rule ANYTHING = new Rule(false, Long.MIN_VALUE, Long.MAX_VALUE, Characters.ANY, 0);
        static final Rule NAME = new Rule(false, 1, ClientId.NAME_MAX, Characters.NAME, 0);

        static Rule number(long min, long max) {
            return new Rule(false, min, max, Characters.ANY, 0);
        }

        static Rule bytes(int max) {
            return number(0, max);
        }

        static Rule line(int min, int max) {
            return new Rule(false, min, max, Characters.LINE, 0);
        }

        Rule needed() {
            return new Rule(true, min, max, characters, countMax);
        }

        Rule atMost(int count) {
            return new Rule(required, min, max, characters, count);
        }

        boolean takesNumber(long value) {
            return value >= min && value <= max;
        }

        boolean takesBytes(byte[] bytes, int from, int length) {
            if (length < min || length > max) {
                return false;
            }
            for (int i = from; i < from + length; i++) {
                if (!characters.takes(bytes[i])) {
                    return false;
                }
            }
            return true;
        }

        /** As a text after the name of the field. */
        String words(boolean number) {
            if (number) {
                return max == Long.MAX_VALUE ? "a number from " + min + " on" : "a number from " + min + " to " + max;
            }
            return min + " to " + max + characters.words;
        }
    }

    enum Characters {
        ANY(" bytes") {
            @Override
            boolean takes(byte next) {
                return true;
            }
        },
        /** As in a uid. */
        NAME(" letters, digits and _ . @ -") {
            @Override
            boolean takes(byte next) {
                return ClientId.isNameCharacter((char) next);
            }
        },
        LINE(" bytes without control characters") {
            @Override
            boolean takes(byte next) {
                return next < 0 || next >= ' ' && next != DELETE;
            }
        };

        private static final byte DELETE = 0x7f;

        private final String words;

        Characters(String words) {
            this.words = words;
        }

        abstract boolean takes(byte next);
    }
}
