package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.simulation.SimulatedDevice.Outgoing;

/** What a client knows of conversations by what has come to it. */
record DeviceConversations(DeviceUnread unread, DeviceMessages messages) {
    DeviceConversations(String uid, ChangeContents contents) {
        this(new DeviceUnread(uid, contents), new DeviceMessages(uid, contents));
    }

    /** An entry of the inbox, or of a large group. */
    void take(String group, Entry entry) {
        unread.take(group, entry);
        messages.take(group, entry);
    }

    void sent(Outgoing message, SendOutcome.Stored answer) {
        unread.sent(message.conversation(), answer);
        messages.sent(message, answer);
    }

    /**
     * The device is being given its inbox.
     *
     * @param again whether not for the first time: before that, changes of its own messages did not come to it
     */
    void begin(boolean again) {
        if (!again) {
            messages.forget();
        }
    }

    void forget() {
        unread.forget();
        messages.forget();
    }
}
