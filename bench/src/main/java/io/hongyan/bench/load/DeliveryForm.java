package io.hongyan.bench.load;

/** What a receiver gets. */
enum DeliveryForm {
    /** Hongyan's {@code InboxEntry} with its number. */
    INBOX_ENTRY,
    /** Hongyan's {@code Notice} of a push to those online; it has no number. */
    PUSH_NOTICE,
    /** The sender's own {@code SendRequest}, as a plain broker passes it on. */
    SEND_REQUEST
}
