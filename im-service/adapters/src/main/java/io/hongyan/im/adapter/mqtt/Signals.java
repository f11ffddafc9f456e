package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.v1.CustomSignal;
import io.hongyan.protocol.v1.Signal;
import java.util.Optional;

/** Reads what clients publish to {@code im/signal}. */
final class Signals {
    static final int CUSTOM_BYTES_MAX = 1_024;
    static final String DETAIL_OF_MALFORMED =
            "A signal holds typing or custom; the type of custom takes 1-64 letters, digits and _ . @ -, its data at most "
                    + CUSTOM_BYTES_MAX + " bytes.";

    private Signals() {}

    /** Nothing where it is not as it must be. */
    static Optional<Notice.Signal> read(Signal.Builder signal, String from, Conversation conversation) {
        return switch (signal.getBodyCase()) {
            case TYPING ->
                Optional.of(
                        new Notice.Typing(from, conversation, signal.getTyping().getActive()));
            case CUSTOM -> custom(signal.getCustom(), from, conversation);
            case BODY_NOT_SET -> Optional.empty();
        };
    }

    private static Optional<Notice.Signal> custom(CustomSignal custom, String from, Conversation conversation) {
        if (!ClientId.isName(custom.getType()) || custom.getData().size() > CUSTOM_BYTES_MAX) {
            return Optional.empty();
        }
        return Optional.of(new Notice.CustomSignal(
                from, conversation, custom.getType(), custom.getData().toByteArray()));
    }
}
