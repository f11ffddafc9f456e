package io.hongyan.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** A message whose receiver, one of many users of a run, is replaced in place for each. */
final class AwayTemplate {
    private final SendTemplate template;
    private final byte[] prefix;
    private int numberAt = -1;

    AwayTemplate(String run, int textBytes, SplittableRandom random) {
        String uid = HintPlan.uid(run, 0);
        template = new SendTemplate(uid, textBytes, random);
        prefix = uid.getBytes(StandardCharsets.US_ASCII);
    }

    /** The message to that user; the array is the same each time. */
    byte[] to(int user, int index, long nanos) {
        byte[] bytes = template.stamped(user, index, nanos);
        if (numberAt < 0) {
            numberAt = find(bytes) + prefix.length - HintPlan.DIGITS;
        }
        int rest = user;
        for (int i = numberAt + HintPlan.DIGITS - 1; i >= numberAt; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return bytes;
    }

    private int find(byte[] bytes) {
        for (int at = 0; at + prefix.length <= bytes.length; at++) {
            int same = 0;
            while (same < prefix.length && bytes[at + same] == prefix[same]) {
                same++;
            }
            if (same == prefix.length) {
                return at;
            }
        }
        throw new IllegalStateException("no receiver in the template");
    }
}
