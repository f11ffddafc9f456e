package io.hongyan.im.core.sync;

import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.ChangedMessages;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Says of messages that a user is given which of their reactions are the user's own. Asks nobody where there are none. */
final class OwnReactions {
    private final ChangedMessages changed;

    OwnReactions(ChangedMessages changed) {
        this.changed = changed;
    }

    /** Gives each of these messages, perhaps null, as this user sees it. Blocks. */
    UnaryOperator<StoredMessage> seenBy(String uid, List<StoredMessage> messages) {
        List<MessageId> reactedTo = messages.stream()
                .filter(OwnReactions::hasReactions)
                .map(OwnReactions::id)
                .toList();
        if (reactedTo.isEmpty()) {
            return UnaryOperator.identity();
        }
        Map<MessageId, Set<String>> own = changed.reactionsOf(uid, reactedTo);
        return message -> hasReactions(message)
                ? message.with(message.content(), message.state().seenWith(own.getOrDefault(id(message), Set.of())))
                : message;
    }

    private static boolean hasReactions(StoredMessage message) {
        return message != null
                && message.state() != null
                && !message.state().reactions().isEmpty();
    }

    private static MessageId id(StoredMessage message) {
        return new MessageId(message.conversation(), message.seq());
    }
}
