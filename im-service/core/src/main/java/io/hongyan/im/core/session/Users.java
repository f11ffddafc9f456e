package io.hongyan.im.core.session;

import io.hongyan.im.core.message.StorageException;

/** Who exists. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface Users {
    /** Makes the user and the empty inbox unless they exist; durable on return. */
    void ensure(String uid);

    boolean exists(String uid);
}
