package io.hongyan.client.data;

import java.util.List;

/**
 * Where a device keeps what it knows, one store for each user. It is used by one thread at a time. A method that fails
 * throws {@link StoreException}; the engine that the transaction came from must not be used any more then, because it
 * knows what the store does not.
 */
public interface Store extends AutoCloseable {
    /** Everything but the messages. */
    Snapshot open();

    /** Writes all of it or, if it fails, nothing; when it returns, the writes survive a crash. */
    void commit(Transaction transaction);

    /**
     * The newest messages of a conversation below a number.
     *
     * @param limit how many at most
     * @return rising by {@code seq}
     */
    List<MessageRow> read(ConversationId conversation, long belowSeq, int limit);

    /** Bytes that it takes, as far as it can tell. */
    long size();

    /** Forgets everything, the outbox too. */
    void wipe();

    /** No other method is called afterwards. */
    @Override
    void close();
}
