package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the devices look for themselves whose users may have got an entry that nobody announced. Who has left a group
 * meanwhile is passed over: a device notices with the next entry of its inbox, or when it comes again.
 */
public final class RecipientRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(RecipientRefresh.class);
    private static final int PAGE = 500;

    private final Groups groups;
    private final Delivery delivery;
    private final BlockingWork blocking;

    public RecipientRefresh(Groups groups, Delivery delivery, BlockingWork blocking) {
        this.groups = groups;
        this.delivery = delivery;
        this.blocking = blocking;
    }

    /** Does not block. */
    void all(Conversation conversation) {
        switch (conversation.kind()) {
            case DIRECT -> {
                delivery.refresh(conversation.low());
                delivery.refresh(conversation.high());
            }
            case SYSTEM -> delivery.refresh(conversation.reader());
            case GROUP ->
                blocking.submit(() -> {
                            membersOf(conversation.id());
                            return null;
                        })
                        .exceptionally(trouble -> {
                            LOG.warn("members of {} were not told to look: {}", conversation.id(), trouble.toString());
                            return null;
                        });
            case ROOM -> {}
        }
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
