package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Peer;
import java.util.Optional;

/** Which conversation a client means. */
final class Peers {
    private Peers() {}

    /** The conversation of {@code uid} with a peer, nothing where there can be no such peer. */
    static Optional<Conversation> conversation(String uid, Peer peer) {
        String id = peer.getId();
        if (!ClientId.isName(id)) {
            return Optional.empty();
        }
        return switch (peer.getKind()) {
            case DIRECT -> Optional.of(Conversation.direct(uid, id));
            case GROUP -> Optional.of(Conversation.group(id));
            case SYSTEM -> Optional.of(Conversation.system(id, uid));
            default -> Optional.empty();
        };
    }

    /** Why there is no conversation with that peer. */
    static ErrorCode refusal(Peer peer) {
        boolean incomplete = peer.getKind() == Peer.Kind.KIND_UNSPECIFIED
                || peer.getKind() == Peer.Kind.UNRECOGNIZED
                || peer.getId().isEmpty();
        return incomplete ? ErrorCode.MALFORMED : ErrorCode.UNKNOWN_CONVERSATION;
    }
}
