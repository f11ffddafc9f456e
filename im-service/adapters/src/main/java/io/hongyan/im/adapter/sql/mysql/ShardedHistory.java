package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlHistory;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.History;
import java.util.List;

/** A log is where its conversation is. */
final class ShardedHistory implements History {
    private final Shards shards;

    ShardedHistory(Shards shards) {
        this.shards = shards;
    }

    @Override
    public List<StoredMessage> read(
            Conversation conversation, long aboveSeq, long belowSeq, boolean newest, int messagesMax, int bytesMax) {
        return shards.at(
                Slots.of(conversation),
                slotSession -> new SqlHistory(slotSession)
                        .read(conversation, aboveSeq, belowSeq, newest, messagesMax, bytesMax));
    }

    @Override
    public Position position(Conversation conversation, long seq) {
        return shards.at(
                Slots.of(conversation), slotSession -> new SqlHistory(slotSession).position(conversation, seq));
    }

    @Override
    public long head(Conversation conversation) {
        return shards.at(Slots.of(conversation), slotSession -> new SqlHistory(slotSession).head(conversation));
    }
}
