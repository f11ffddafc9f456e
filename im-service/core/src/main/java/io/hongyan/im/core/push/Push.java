package io.hongyan.im.core.push;

import java.util.List;

/**
 * Something a business line tells users.
 *
 * @param pushId its name, 1-64 printable ASCII characters; the client message id of what is stored
 * @param channel what it is shown under: the users' system conversation with this channel
 * @param recipients uids, null = everybody
 * @param content as in a message; must not be changed
 */
public record Push(String pushId, String channel, List<String> recipients, PushMode mode, byte[] content) {
    public Push {
        recipients = recipients == null ? null : List.copyOf(recipients);
    }

    public boolean forEverybody() {
        return recipients == null;
    }
}
