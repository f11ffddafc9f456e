package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.receipt.Marks.EntryReceipts;
import io.hongyan.im.core.receipt.Marks.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link io.hongyan.im.core.receipt.Marks#receiptsOf} promises. */
public abstract class EntryReceiptsContract extends GroupStorageContract {
    @Test
    void readersAndReceiversOfAGroupsEntryAreCounted() {
        group("ann", "bob", "cid", "dan");
        sent("ann", "m1");
        sent("ann", "m2");
        storage()
                .marks()
                .raise(List.of(
                        new Mark("ann", GROUP, 0, 3, 3),
                        new Mark("bob", GROUP, 3, 2, 2),
                        new Mark("cid", GROUP, 0, 3, 3),
                        new Mark("dan", GROUP, 2, 0, 0)));
        storage().reopen();

        assertThat(of(1)).isEqualTo(new EntryReceipts(3, 3, 2, List.of("bob", "cid")));
        assertThat(of(2)).isEqualTo(new EntryReceipts(3, 3, 2, List.of("bob", "cid")));
        assertThat(of(3)).isEqualTo(new EntryReceipts(3, 2, 1, List.of("cid")));
        assertThat(storage().marks().receiptsOf(GROUP, 2, "ann", 1))
                .isEqualTo(new EntryReceipts(3, 3, 2, List.of("bob")));
        assertThat(storage().marks().receiptsOf(GROUP, 2, "ann", 0)).isEqualTo(new EntryReceipts(3, 3, 2, List.of()));
    }

    @Test
    void recipientsAreTheMembersAtTheEntry() {
        group("ann", "bob", "cid");
        sent("ann", "m1");
        changed("bob", new Left());
        added("dan");
        sent("ann", "m2");
        storage().marks().raise(List.of(new Mark("bob", GROUP, 3, 3, 3), new Mark("dan", GROUP, 5, 5, 5)));

        assertThat(of(2)).isEqualTo(new EntryReceipts(2, 1, 1, List.of("bob")));
        assertThat(of(5)).isEqualTo(new EntryReceipts(2, 1, 1, List.of("dan")));
        added("bob");
        assertThat(of(2)).as("two memberships, one user").isEqualTo(new EntryReceipts(2, 1, 1, List.of("bob")));
    }

    @Test
    void entriesOfLargeGroupsHaveReceiptsToo() {
        group("ann", "bob", "cid");
        becameLarge();
        sent("ann", "m1");
        storage().marks().raise(List.of(new Mark("cid", GROUP, 3, 3, 3)));

        assertThat(of(3)).isEqualTo(new EntryReceipts(2, 1, 1, List.of("cid")));
    }

    @Test
    void senderWhoIsNoMemberIsNotCounted() {
        group("ann", "bob");
        sent(SystemUser.UID, "news");

        assertThat(storage().marks().receiptsOf(GROUP, 2, SystemUser.UID, 10))
                .isEqualTo(new EntryReceipts(2, 0, 0, List.of()));
    }

    @Test
    void directMessagesHaveOneRecipient() {
        users("ann", "bob");
        store("ann", "bob", "m1");
        store("ann", "bob", "m2");
        store("ann", "ann", "m1");
        Conversation both = Conversation.direct("ann", "bob");
        storage().marks().raise(List.of(new Mark("bob", both, 2, 1, 1)));

        assertThat(storage().marks().receiptsOf(both, 1, "ann", 10))
                .isEqualTo(new EntryReceipts(1, 1, 1, List.of("bob")));
        assertThat(storage().marks().receiptsOf(both, 2, "ann", 10)).isEqualTo(new EntryReceipts(1, 1, 0, List.of()));
        assertThat(storage().marks().receiptsOf(Conversation.direct("ann", "ann"), 1, "ann", 10))
                .isEqualTo(new EntryReceipts(0, 0, 0, List.of()));
    }

    @Test
    void entriesThatAreNotThereHaveNone() {
        group("ann", "bob");

        assertThat(of(2)).isEqualTo(new EntryReceipts(0, 0, 0, List.of()));
        assertThat(of(0)).isEqualTo(new EntryReceipts(0, 0, 0, List.of()));
        assertThat(storage().marks().receiptsOf(Conversation.group("h"), 1, "ann", 10))
                .isEqualTo(new EntryReceipts(0, 0, 0, List.of()));
    }

    private EntryReceipts of(long seq) {
        return storage().marks().receiptsOf(GROUP, seq, "ann", 10);
    }
}
