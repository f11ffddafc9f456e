package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.protocol.ClientId;
import io.hongyan.protocol.ErrorCode;
import io.hongyan.protocol.v1.Peer;
import java.util.Optional;

/** Which conversation a client means. */
final class Peers {
    private Peers() {}

    /** The conversation of {@code uid} with a peer, nothing where there is no such peer in this version. */
    static Optional<Conversation> conversation(String uid, Peer peer) {
        return peer.getKind() == Peer.Kind.DIRECT && ClientId.isName(peer.getId())
                ? Optional.of(Conversation.direct(uid, peer.getId()))
                : Optional.empty();
    }

    /** Why there is no conversation with that peer. */
    static ErrorCode refusal(Peer peer) {
        boolean incomplete = peer.getKind() == Peer.Kind.KIND_UNSPECIFIED
                || peer.getKind() == Peer.Kind.UNRECOGNIZED
                || peer.getId().isEmpty();
        return incomplete ? ErrorCode.MALFORMED : ErrorCode.UNKNOWN_CONVERSATION;
    }
}
