package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.NodeNotice.Position;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.util.List;

/** Tells the other nodes of stored messages; where there are none, nothing is made ready for them. */
final class NodeAnnouncements {
    private final OtherNodes otherNodes;

    NodeAnnouncements(OtherNodes otherNodes) {
        this.otherNodes = otherNodes;
    }

    void stored(StoredMessage message, List<InboxPosition> positions, ConnectionKey origin) {
        if (otherNodes != OtherNodes.NONE && !positions.isEmpty()) {
            List<Position> told = positions.stream()
                    .map(position -> new Position(position.uid(), position.seq()))
                    .toList();
            otherNodes.tell(new NodeNotice.MessageStored(message, told, origin));
        }
    }
}
