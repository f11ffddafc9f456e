package io.hongyan.im.core.session;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.metrics.Counters;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Passes on what is only worth something now, such as typing: to who is online, never stored. */
public final class SendSignal {
    private final TellUsers users;
    private final Groups groups;
    private final BlockingWork blocking;
    private final int groupMembersMax;
    private final Counters<SessionCounter> counters;

    /** @param groupMembersMax members of a group that learn a signal; in larger ones nobody does */
    public SendSignal(
            TellUsers users,
            Groups groups,
            BlockingWork blocking,
            int groupMembersMax,
            Counters<SessionCounter> counters) {
        this.users = users;
        this.groups = groups;
        this.blocking = blocking;
        this.groupMembersMax = groupMembersMax;
        this.counters = counters;
    }

    /**
     * Does not block. What cannot be passed on is dropped.
     *
     * @param signal to a group, or to a direct conversation that its sender is a member of
     * @return completes when it is passed on or dropped, never exceptionally: who sends many waits for it
     */
    public CompletionStage<Void> send(Notice.Signal signal) {
        Conversation conversation = signal.conversation();
        if (conversation.kind() == Conversation.Kind.DIRECT) {
            tell(List.of(conversation.peerOf(signal.from())), signal);
        } else if (conversation.kind() == Conversation.Kind.GROUP) {
            return blocking.<Void>submit(signal.from(), () -> {
                        tellGroup(signal.from(), conversation.id(), signal);
                        return null;
                    })
                    .exceptionally(dropped -> null);
        }
        return CompletableFuture.completedFuture(null);
    }

    private void tellGroup(String from, String group, Notice notice) {
        Optional<GroupInfo> info = groups.find(group);
        if (info.isEmpty()
                || info.get().large()
                || info.get().dissolved()
                || info.get().memberCount() > groupMembersMax
                || groups.member(group, from).isEmpty()) {
            return;
        }
        tell(
                groups.members(group, "", groupMembersMax).stream()
                        .map(GroupMember::uid)
                        .filter(uid -> !uid.equals(from))
                        .toList(),
                notice);
    }

    private void tell(List<String> uids, Notice notice) {
        counters.add(SessionCounter.SIGNALS_SENT, users.everywhere(uids, notice));
    }
}
