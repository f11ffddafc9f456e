package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.MessageRules.Content;
import io.hongyan.im.core.send.MessageRules.Target;
import io.hongyan.im.core.simulation.InMemoryStorage.UserInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an {@link InMemoryStorage} knows of one draft. Whoever asks holds the lock. */
record InMemoryFacts(InMemoryStorage storage, Conversation conversation, boolean isRepeated)
        implements AppendRules.Facts<UserInbox> {
    @Override
    public long head() {
        return storage.head(conversation);
    }

    @Override
    public long ordinal() {
        return storage.ordinal(conversation, head());
    }

    @Override
    public boolean fanningOut() {
        return storage.fanOut().isOpen(conversation);
    }

    @Override
    public GroupInfo group() {
        return storage.groups().find(conversation.id()).orElse(null);
    }

    @Override
    public List<UserInbox> present() {
        return storage.groups().present(conversation.id(), head() + 1).stream()
                .map(storage::inbox)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Override
    public UserInbox recipient(String uid) {
        return storage.inbox(uid);
    }

    @Override
    public Optional<GroupMember> member(String uid) {
        return storage.groups().member(conversation.id(), uid);
    }

    @Override
    public boolean userExists(String uid) {
        return storage.exists(uid);
    }

    @Override
    public Target target(long seq) {
        boolean counts = seq <= head() && storage.ordinal(conversation, seq) > storage.ordinal(conversation, seq - 1);
        if (!counts) {
            return null;
        }
        StoredMessage message = storage.entry(conversation, seq);
        return new Target(message.sender(), message.sentAtMillis(), message.state());
    }

    @Override
    public byte[] content(long seq) {
        return storage.entry(conversation, seq).content();
    }

    @Override
    public boolean isRecalled(long seq) {
        Target message = target(seq);
        return message != null && message.state().recalled();
    }

    @Override
    public boolean hasReacted(long targetSeq, String emoji, String uid) {
        return storage.changes().hasReacted(new MessageId(conversation, targetSeq), emoji, uid);
    }

    @Override
    public int pins() {
        return storage.changes().pins(conversation);
    }

    @Override
    public List<Content> copies(long ofSeq, int entriesMax, int bytesMax) {
        return storage.changes().copies(new MessageId(conversation, ofSeq), entriesMax, bytesMax);
    }
}
