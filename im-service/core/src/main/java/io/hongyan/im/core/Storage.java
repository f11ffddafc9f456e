package io.hongyan.im.core;

import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.send.MessageLog;
import io.hongyan.im.core.session.Users;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.History;
import io.hongyan.im.core.sync.Marks;

/** Everything the core asks of a storage, in one place; each part can be wrapped on its own. */
public record Storage(
        MessageLog log,
        Inbox inbox,
        Devices devices,
        Users users,
        History history,
        Marks marks,
        ConversationList conversations,
        InboxTrimmer trimmer) {}
