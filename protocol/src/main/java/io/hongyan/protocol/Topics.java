package io.hongyan.protocol;

/**
 * Every topic of the client contract; no other class writes one out.
 *
 * <p>The JSON version of a topic is the same topic with the prefix {@value #JSON_PREFIX}.
 */
public final class Topics {
    public static final String JSON_PREFIX = "json/";

    /** Topic trees that belong to messaging; the broker serves everything else. */
    public static final String[] MESSAGING_PREFIXES = {"im/", "u/", "room/", "json/"};

    public static final String SEND = "im/send";
    public static final String READ = "im/read";
    public static final String SIGNAL = "im/signal";
    public static final String LOGOUT = "im/logout";
    public static final String CALL_PREFIX = "im/call/";
    public static final String REPORT_PREFIX = "im/report/";

    public static final String CALL_PULL = CALL_PREFIX + "pull";
    public static final String CALL_HISTORY = CALL_PREFIX + "history";
    public static final String CALL_CONVERSATIONS = CALL_PREFIX + "conversations";
    public static final String CALL_MEMBERS = CALL_PREFIX + "members";
    public static final String CALL_RECEIPTS = CALL_PREFIX + "receipts";
    public static final String CALL_RECALL = CALL_PREFIX + "recall";
    public static final String CALL_EDIT = CALL_PREFIX + "edit";
    public static final String CALL_REACT = CALL_PREFIX + "react";
    public static final String CALL_PIN_MESSAGE = CALL_PREFIX + "pin_message";
    public static final String CALL_TIME = CALL_PREFIX + "time";

    private static final String USER_PREFIX = "u/";
    private static final String GENERIC_PREFIX = "t/";

    /** {@code u/{uid}/}: everything a user may subscribe to starts with it. */
    public static String userPrefix(String uid) {
        return USER_PREFIX + uid + '/';
    }

    public static String inbox(String uid) {
        return userPrefix(uid) + "inbox";
    }

    /** The stream of a large group as this user reads it. */
    public static String group(String uid, String group) {
        return userPrefix(uid) + "group/" + group;
    }

    public static String reply(String uid) {
        return userPrefix(uid) + "reply";
    }

    public static String notice(String uid) {
        return userPrefix(uid) + "notice";
    }

    /** {@code t/{uid}/}: the tree of generic MQTT topics that a user owns. */
    public static String genericPrefix(String uid) {
        return GENERIC_PREFIX + uid + '/';
    }

    private Topics() {}
}
