package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.PeerNotice;
import io.hongyan.im.core.cluster.PeerNotice.Position;
import io.hongyan.im.core.cluster.Peers;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.util.List;

/** Tells the other nodes of stored messages; where there are none, nothing is made ready for them. */
final class PeerAnnouncements {
    private final Peers peers;

    PeerAnnouncements(Peers peers) {
        this.peers = peers;
    }

    void stored(StoredMessage message, List<InboxPosition> positions, ConnectionKey origin) {
        if (peers != Peers.NONE && !positions.isEmpty()) {
            List<Position> told = positions.stream()
                    .map(position -> new Position(position.uid(), position.seq()))
                    .toList();
            peers.tell(new PeerNotice.MessageStored(message, told, origin));
        }
    }
}
