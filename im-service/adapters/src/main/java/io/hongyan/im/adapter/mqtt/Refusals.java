package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.message.Refusal;
import io.hongyan.protocol.ErrorCode;
import java.util.EnumMap;
import java.util.Map;

/** The core's refusals in the words of the contract: the names are the same. */
final class Refusals {
    private static final Map<Refusal, ErrorCode> CODES = new EnumMap<>(Refusal.class);

    static {
        for (Refusal refusal : Refusal.values()) {
            CODES.put(refusal, ErrorCode.valueOf(refusal.name()));
        }
    }

    private Refusals() {}

    static ErrorCode code(Refusal refusal) {
        return CODES.get(refusal);
    }
}
