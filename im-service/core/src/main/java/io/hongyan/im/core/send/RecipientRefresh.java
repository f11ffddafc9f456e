package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the devices look for themselves whose users may have got an entry that nobody announced. Who has left a group
 * meanwhile is passed over: a device notices with the next entry of its inbox, or when it comes again.
 */
public final class RecipientRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(RecipientRefresh.class);
    private static final int PAGE = 500;
    /** More groups than these are not told again. */
    private static final int UNTOLD_MAX = 10_000;

    private final Groups groups;
    private final Delivery delivery;
    private final BlockingWork blocking;
    private final OtherNodes otherNodes;
    /** Groups whose members could not be told. */
    private final Set<String> untold = ConcurrentHashMap.newKeySet();

    public RecipientRefresh(Groups groups, Delivery delivery, BlockingWork blocking, OtherNodes otherNodes) {
        this.groups = groups;
        this.delivery = delivery;
        this.blocking = blocking;
        this.otherNodes = otherNodes;
    }

    /** At all nodes. Does not block. */
    void all(Conversation conversation) {
        otherNodes.tell(new NodeNotice.LookAtConversation(conversation));
        here(conversation);
    }

    /** At this node alone. Does not block. */
    public void here(Conversation conversation) {
        switch (conversation.kind()) {
            case DIRECT -> {
                delivery.refresh(conversation.low());
                delivery.refresh(conversation.high());
            }
            case SYSTEM -> delivery.refresh(conversation.reader());
            case GROUP -> group(conversation.id());
            case ROOM -> {}
        }
    }

    /** Tries again where members could not be told. Does not block. */
    public void again() {
        for (String group : untold) {
            untold.remove(group);
            group(group);
        }
    }

    private void group(String group) {
        blocking.submit(() -> {
                    membersOf(group);
                    return null;
                })
                .exceptionally(trouble -> {
                    LOG.warn("members of {} are told later to look: {}", group, trouble.toString());
                    if (untold.size() < UNTOLD_MAX) {
                        untold.add(group);
                    }
                    return null;
                });
    }

    private void membersOf(String group) {
        delivery.refreshGroup(group);
        boolean large = groups.find(group).filter(GroupInfo::large).isPresent();
        String after = "";
        List<GroupMember> page;
        do {
            page = groups.members(group, after, PAGE);
            for (GroupMember member : page) {
                after = member.uid();
                delivery.refresh(after);
                if (large) {
                    delivery.beginGroup(after, group);
                }
            }
        } while (page.size() == PAGE);
    }
}
