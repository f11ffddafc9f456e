package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Draft;
import java.util.ArrayList;
import java.util.List;

/** Messages, changes of a group and read marks, as tests compare them before and after a migration has counted anew. */
public final class DataWithoutOrdinals {
    private static final long NOW = 1_800_000_000_000L;
    private static final String PHONE = "android:phone";
    private static final Conversation GROUP = Conversation.group("tea");
    private static final Conversation PAIR = Conversation.direct("u0", "u1");
    private static final List<String> USERS = List.of("u0", "u1", "u2", "u3", "u4", "u5");

    /** As the contract writes them: a text, and a change of a group. */
    private static final byte[] TEXT = {0x0a, 0};

    private static final byte[] CHANGE = {0x12, 0};

    /** That take from a database of this version what came with ordinals and later. */
    public static final List<String> WITHOUT_COLUMNS = List.of(
            "DROP TABLE im_message_state",
            "DROP TABLE im_message_copy",
            "DROP TABLE im_reaction",
            "DROP TABLE im_data_epoch",
            "ALTER TABLE im_message DROP COLUMN ordinal",
            "ALTER TABLE im_group_member DROP COLUMN joined_ordinal",
            "ALTER TABLE im_mark DROP COLUMN read_ordinal");

    private DataWithoutOrdinals() {}

    public static void fill(Storage ports) {
        USERS.forEach(ports.users()::ensure);
        List<Draft> drafts = new ArrayList<>();
        drafts.add(new Draft(
                GROUP, "u0", PHONE, "r1", CHANGE, new Created("u0", "Tea", false, 0, List.of("u1", "u2", "u5"))));
        drafts.add(new Draft(GROUP, "u1", PHONE, "m1", TEXT));
        drafts.add(new Draft(GROUP, SystemUser.UID, PHONE, "r2", CHANGE, new MembersAdded(List.of("u3", "u4"))));
        drafts.add(new Draft(GROUP, "u2", PHONE, "m2", new byte[0]));
        drafts.add(new Draft(GROUP, "u2", PHONE, "r3", CHANGE, new Left()));
        drafts.add(new Draft(GROUP, "u0", PHONE, "m3", TEXT));
        drafts.add(new Draft(PAIR, "u0", PHONE, "m1", TEXT));
        // Of a direct conversation everything counts.
        drafts.add(new Draft(PAIR, "u0", PHONE, "m2", CHANGE));
        drafts.add(new Draft(Conversation.system("news", "u2"), SystemUser.UID, PHONE, "m1", TEXT));
        ports.log().append(drafts, NOW);
        ports.marks()
                .raise(List.of(
                        new Mark("u1", GROUP, 0, 4, 2),
                        new Mark("u3", GROUP, 4, 0, 0),
                        new Mark("u4", GROUP, 0, 5, 2),
                        new Mark("u5", GROUP, 0, 3, 1),
                        new Mark("u1", PAIR, 0, 1, 1)));
    }

    /** All that has ordinals in it. */
    public static List<String> told(Storage ports) {
        List<String> told = new ArrayList<>();
        for (Conversation conversation : List.of(GROUP, PAIR)) {
            ports.history()
                    .read(conversation, 0, Long.MAX_VALUE, false, 100, Integer.MAX_VALUE)
                    .forEach(message -> told.add(conversation + " " + message.seq() + ": " + message.ordinal()));
        }
        for (String uid : USERS) {
            ports.conversations()
                    .list(uid, 0, null, 100, Integer.MAX_VALUE)
                    .items()
                    .forEach(item -> told.add(item.mine() + " joined " + item.joinedOrdinal() + ", of "
                            + item.headOrdinal() + " unread " + item.unread()));
        }
        return told;
    }

    /** The next message of each conversation goes on counting. */
    public static List<Long> next(Storage ports) {
        List<Draft> drafts =
                List.of(new Draft(GROUP, "u0", PHONE, "next", TEXT), new Draft(PAIR, "u0", PHONE, "next", TEXT));
        return ports.log().append(drafts, NOW).stream()
                .map(appended -> ((io.hongyan.im.core.send.Appended.Stored) appended)
                        .message()
                        .ordinal())
                .toList();
    }
}
