package io.hongyan.im.core;

import io.hongyan.im.core.cluster.Fencing;
import io.hongyan.im.core.cluster.Peers;
import io.hongyan.im.core.cluster.Standstill;
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
 * @param peers the other nodes of the cluster
 * @param fencing of this process; somebody asks it all the time
 * @param epochs which history the storage has
 */
public record Surroundings(
        Storage storage,
        SessionDirectory directory,
        Downlink downlink,
        GroupContents contents,
        MessageContents messageContents,
        HintSender hintSender,
        String worker,
        Peers peers,
        Fencing fencing,
        DataEpochs epochs) {

    /** Of a process that is alone and gives no hints. */
    public static Surroundings alone(
            Storage storage,
            SessionDirectory directory,
            Downlink downlink,
            GroupContents contents,
            MessageContents messageContents) {
        return new Surroundings(
                storage,
                directory,
                downlink,
                contents,
                messageContents,
                null,
                "worker",
                Peers.NONE,
                Standstill.ofNoConcern(),
                DataEpochs.inMemory());
    }

    /** The same with other epochs. */
    public Surroundings with(DataEpochs other) {
        return new Surroundings(
                storage, directory, downlink, contents, messageContents, hintSender, worker, peers, fencing, other);
    }
}
