package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.message.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Changes of groups as the content of their entries, there and back. */
final class ChangeContents implements GroupContents {
    private final Map<String, GroupChange> written = new HashMap<>();

    @Override
    public byte[] encode(GroupChange change) {
        String text = change.toString();
        written.put(text, change);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether an entry is a message, and no change of a group or of a message. */
    boolean counts(StoredMessage entry) {
        return changeIn(entry) == null && new PlainContents().changeIn(entry.content()) == null;
    }

    /** What an entry of a group changes, null for a message. */
    GroupChange changeIn(StoredMessage entry) {
        return written.get(new String(entry.content(), StandardCharsets.UTF_8));
    }
}
