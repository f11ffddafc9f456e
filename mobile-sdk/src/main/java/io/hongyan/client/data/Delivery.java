package io.hongyan.client.data;

import io.hongyan.protocol.v1.InboxEntry;

/** An entry as it was delivered. */
final class Delivery {
    final long id;
    /** The large group whose stream it is of, null of the inbox. */
    final String group;

    final InboxEntry entry;

    Delivery(long id, String group, InboxEntry entry) {
        this.id = id;
        this.group = group;
        this.entry = entry;
    }
}
