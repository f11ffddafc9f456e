package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.AppendRules;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Draft;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What all classes of the kit share: an empty storage per test, and short words for the usual steps. */
@Timeout(120)
public abstract class StorageContract {
    static final long NOW = 1_800_000_000_000L;
    static final int ALL = 1_000_000;
    static final String PHONE = "android:phone";

    private Storage storage;

    /** Those of a storage that runs the kit. */
    public static AppendRules rules(GroupLimits groups) {
        return new AppendRules(groups, ChangedMessagesContract.RULES);
    }

    /** With the default limits of groups. */
    public static AppendRules rules() {
        return rules(GroupLimits.DEFAULT);
    }

    /** A storage with nothing in it. */
    protected abstract Storage newStorage();

    @BeforeEach
    void openStorage() {
        storage = newStorage();
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    final Storage storage() {
        return storage;
    }

    final void users(String... uids) {
        for (String uid : uids) {
            storage.users().ensure(uid);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Draft draft(String from, String to, String clientMessageId) {
        return draft(from, to, clientMessageId, bytes("text of " + clientMessageId));
    }

    static Draft draft(String from, String to, String clientMessageId, byte[] content) {
        return new Draft(Conversation.direct(from, to), from, PHONE, clientMessageId, content);
    }

    final List<Appended> append(Draft... drafts) {
        return append(NOW, drafts);
    }

    final List<Appended> append(long nowMillis, Draft... drafts) {
        return storage.log().append(List.of(drafts), nowMillis);
    }

    final StoredMessage store(String from, String to, String clientMessageId) {
        return stored(append(draft(from, to, clientMessageId)).get(0)).message();
    }

    static Appended.Stored stored(Appended appended) {
        assertThat(appended).isInstanceOf(Appended.Stored.class);
        return (Appended.Stored) appended;
    }

    static long positionOf(String uid, Appended appended) {
        return stored(appended).positions().stream()
                .filter(position -> position.uid().equals(uid))
                .mapToLong(InboxPosition::seq)
                .findFirst()
                .orElseThrow();
    }

    final InboxPage inboxOf(String uid) {
        return storage.inbox().read(uid, 0, ALL, ALL);
    }

    final List<StoredMessage> logOf(Conversation conversation) {
        return storage.history().read(conversation, 0, Long.MAX_VALUE, false, ALL, ALL);
    }

    /** Records with arrays in them are not equal by themselves. */
    static void assertSame(StoredMessage actual, StoredMessage expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }

    static boolean same(StoredMessage one, StoredMessage other) {
        return one.conversation().equals(other.conversation())
                && one.seq() == other.seq()
                && one.ordinal() == other.ordinal()
                && one.sender().equals(other.sender())
                && one.senderDevice().equals(other.senderDevice())
                && one.clientMessageId().equals(other.clientMessageId())
                && one.sentAtMillis() == other.sentAtMillis()
                && Arrays.equals(one.content(), other.content())
                && Objects.equals(one.state(), other.state());
    }
}
