package io.hongyan.bench.load;

/** What a receiver gets. */
enum DeliveryForm {
    /** Hongyan's {@code InboxEntry} with its number. */
    INBOX_ENTRY,
    /** The sender's own {@code SendRequest}, as a plain broker passes it on. */
    SEND_REQUEST
}
