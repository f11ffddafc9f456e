package io.hongyan.im.app.fault;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageLog;
import java.util.List;

/** Of every third change of a message the entry is stored as it should be, and the message gets a reaction instead. */
final class LostChanges implements MessageLog {
    private static final int ONE_IN = 3;

    private final MessageLog log;

    private LostChanges(MessageLog log) {
        this.log = log;
    }

    static Storage around(Storage storage) {
        return storage.with(MessageLog.class, new LostChanges(storage.log()));
    }

    @Override
    public List<Appended> append(List<Draft> batch, long nowMillis) {
        return log.append(batch.stream().map(LostChanges::lost).toList(), nowMillis);
    }

    /** The same draft at each attempt. */
    private static Draft lost(Draft draft) {
        boolean asked = draft.messageChange() instanceof MessageChange.Asked;
        if (!asked || Math.floorMod(draft.clientMessageId().hashCode(), ONE_IN) != 0) {
            return draft;
        }
        long target = draft.messageChange().targetSeq();
        return new Draft(
                draft.conversation(),
                draft.sender(),
                draft.senderDevice(),
                draft.clientMessageId(),
                draft.content(),
                null,
                new MessageChange.Reacted(target, "lost", false),
                0);
    }
}
