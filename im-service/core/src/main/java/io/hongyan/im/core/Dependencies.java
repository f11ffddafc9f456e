package io.hongyan.im.core;

import io.hongyan.im.core.cluster.Fencing;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.hint.HintSender;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.send.MessageContents;
import io.hongyan.im.core.session.SessionDirectory;

/**
 * What {@link Messaging} works with.
 *
 * @param contents writes the changes of groups
 * @param messageContents writes the changes of messages
 * @param hintSender is given hints about undelivered messages; null = nobody is
 * @param worker names this process among all that ever work on the storage
 * @param otherNodes the other nodes of the cluster
 * @param fencing of this process; somebody asks it all the time
 * @param epochs which history the storage has
 */
public record Dependencies(
        Storage storage,
        SessionDirectory directory,
        Downlink downlink,
        GroupContents contents,
        MessageContents messageContents,
        HintSender hintSender,
        String worker,
        OtherNodes otherNodes,
        Fencing fencing,
        DataEpochs epochs) {

    /** Of a process that is alone and gives no hints. */
    public static Dependencies alone(
            Storage storage,
            SessionDirectory directory,
            Downlink downlink,
            GroupContents contents,
            MessageContents messageContents) {
        return new Dependencies(
                storage,
                directory,
                downlink,
                contents,
                messageContents,
                null,
                "worker",
                OtherNodes.NONE,
                ProcessStall.never(),
                DataEpochs.inMemory());
    }

    /** The same with other epochs. */
    public Dependencies with(DataEpochs other) {
        return new Dependencies(
                storage,
                directory,
                downlink,
                contents,
                messageContents,
                hintSender,
                worker,
                otherNodes,
                fencing,
                other);
    }
}
