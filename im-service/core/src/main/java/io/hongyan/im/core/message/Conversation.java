package io.hongyan.im.core.message;

/**
 * Names a conversation; its messages share one order.
 *
 * @param kind what sort it is
 * @param id of a direct conversation both uids in rising order with {@code |} between them, of a system conversation
 *     the channel and the uid of its only reader likewise, else the id of the group or room
 */
public record Conversation(Kind kind, String id) {
    /** Not a character of uids, and smaller than none of them matters: both halves are split at the only one. */
    private static final char SEPARATOR = '|';

    /** Sorts of conversation. The numbers are stored and are those of the wire. */
    public enum Kind {
        DIRECT(1),
        GROUP(2),
        ROOM(3),
        SYSTEM(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /** The conversation of two users, the same whoever asks. A user may write to themselves. */
    public static Conversation direct(String one, String other) {
        return new Conversation(
                Kind.DIRECT, one.compareTo(other) <= 0 ? one + SEPARATOR + other : other + SEPARATOR + one);
    }

    public static Conversation group(String group) {
        return new Conversation(Kind.GROUP, group);
    }

    /** What one user is told through a channel. */
    public static Conversation system(String channel, String uid) {
        return new Conversation(Kind.SYSTEM, channel + SEPARATOR + uid);
    }

    /** Of a system conversation: its channel. */
    public String channel() {
        return low();
    }

    /** Of a system conversation: its only reader. */
    public String reader() {
        return high();
    }

    /** Of a direct conversation: the uid that sorts first. */
    public String low() {
        return id.substring(0, id.indexOf(SEPARATOR));
    }

    /** Of a direct conversation: the uid that sorts last. */
    public String high() {
        return id.substring(id.indexOf(SEPARATOR) + 1);
    }

    /** Of a direct conversation: the other of its users, perhaps the same one; null where {@code uid} is none of them. */
    public String otherUser(String uid) {
        int separator = id.indexOf(SEPARATOR);
        if (separator == uid.length() && id.startsWith(uid)) {
            return id.substring(separator + 1);
        }
        return id.length() - separator - 1 == uid.length() && id.endsWith(uid) ? id.substring(0, separator) : null;
    }

    /** How {@code uid}, a member, addresses this conversation: the other user of a direct one, a channel, else its id. */
    public String peerOf(String uid) {
        if (kind == Kind.SYSTEM) {
            return channel();
        }
        if (kind != Kind.DIRECT) {
            return id;
        }
        String other = otherUser(uid);
        return other == null ? low() : other;
    }

    /** How an entry is addressed for a reader: as its sender addresses the conversation, if that is a member. */
    public String addressed(String sender, String reader) {
        return peerOf(isByServer(sender) ? reader : sender);
    }

    /** Whether it is a direct conversation, and the sender of an entry is none of its users. */
    public boolean isByServer(String sender) {
        return kind == Kind.DIRECT && sender.equals(SystemUser.UID);
    }

    /** The same in every process, which the default of an enum is not. */
    @Override
    public int hashCode() {
        return 31 * id.hashCode() + kind.number;
    }
}
