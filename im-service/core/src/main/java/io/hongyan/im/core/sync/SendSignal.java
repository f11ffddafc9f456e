package io.hongyan.im.core.sync;

import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.SessionDirectory;

/** Passes on what is only worth something now, such as typing: to who is online, never stored. */
public final class SendSignal {
    private final SessionDirectory directory;
    private final Downlink downlink;
    private final MessagingCounters counters;

    public SendSignal(SessionDirectory directory, Downlink downlink, MessagingCounters counters) {
        this.directory = directory;
        this.downlink = downlink;
        this.counters = counters;
    }

    /** @param conversation a direct one that {@code from} is a member of */
    public void typing(String from, Conversation conversation, boolean active) {
        Notice notice = new Notice.Typing(from, conversation, active);
        for (OnlineSession receiver : directory.of(conversation.peerOf(from))) {
            downlink.notice(receiver.connection(), notice);
            counters.signalsSent.increment();
        }
    }
}
