package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.StorageException;

/**
 * A device cannot be made known, as all devices of its user that are kept are online. Its login was let in before they were;
 * the next one is refused.
 */
public final class NoDeviceRoomException extends StorageException {
    private static final long serialVersionUID = 1;

    public NoDeviceRoomException(String uid) {
        super("all devices kept of " + uid + " are online", null);
    }
}
