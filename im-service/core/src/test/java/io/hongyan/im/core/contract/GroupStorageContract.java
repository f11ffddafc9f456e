package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import java.util.ArrayList;
import java.util.List;

/** What the group classes of the kit share: a storage with small limits, and words for changing group "g". */
public abstract class GroupStorageContract extends StorageContract {
    static final Conversation GROUP = Conversation.group("g");
    static final String WORKER = "worker-1";
    static final long LEASE = 10_000;

    /** Four recipients get an entry inline, five by marker, two in each step. */
    static final int INLINE_MAX = 4;

    static final int STEP = 2;

    private static final GroupLimits LIMITS = new GroupLimits(20, 10, 6, INLINE_MAX, STEP, 500, 64, 2_000);

    private int changes;

    /** A storage with nothing in it. */
    protected abstract Storage newStorage(GroupLimits limits);

    @Override
    protected final Storage newStorage() {
        return newStorage(limits());
    }

    GroupLimits limits() {
        return LIMITS;
    }

    /** Makes the users and, with entry 1, the group "g" of them; the first is the owner. */
    final void group(String owner, String... members) {
        users(owner);
        users(members);
        changed(owner, new Created(owner, "name", false, 0, List.of(members)));
    }

    static Draft message(String from, String clientMessageId) {
        return new Draft(GROUP, from, PHONE, clientMessageId, bytes("text of " + clientMessageId));
    }

    static Draft change(String actor, String requestId, GroupChange change) {
        return change("g", actor, requestId, change);
    }

    static Draft change(String group, String actor, String requestId, GroupChange change) {
        return new Draft(Conversation.group(group), actor, PHONE, requestId, bytes(requestId), change);
    }

    /** Appends a change of "g" that is accepted. */
    final Appended.Stored changed(String actor, GroupChange change) {
        return stored(append(change(actor, "change-" + ++changes, change)).get(0));
    }

    final Appended.Stored added(String... uids) {
        users(uids);
        return changed(SystemUser.UID, new MembersAdded(List.of(uids)));
    }

    final Appended.Stored removed(String... uids) {
        return changed(SystemUser.UID, new MembersRemoved(List.of(uids)));
    }

    final Appended.Stored becameLarge() {
        return changed(SystemUser.UID, new BecameLarge());
    }

    /** Appends a message to "g" that is accepted. */
    final Appended.Stored sent(String from, String clientMessageId) {
        return stored(append(message(from, clientMessageId)).get(0));
    }

    /** Takes all steps there are to take. */
    final void fanOutAll() {
        List<Marker> open = storage().fanOut().open(WORKER, 10, NOW);
        for (int steps = 0; !open.isEmpty(); steps++) {
            assertThat(steps).as("steps of a fan-out that does not end").isLessThan(1_000);
            for (Marker marker : open) {
                assertThat(storage()
                                .fanOut()
                                .advance(List.of(marker), WORKER, STEP, NOW, LEASE)
                                .written())
                        .isNotEmpty();
            }
            open = storage().fanOut().open(WORKER, 10, NOW);
        }
    }

    /** Numbers in the log of "g" of the entries in a user's inbox, in the order of the inbox. */
    final List<Long> entriesOf(String uid) {
        return entriesOf(uid, GROUP);
    }

    final List<Long> entriesOf(String uid, Conversation conversation) {
        List<Long> seqs = new ArrayList<>();
        for (Entry entry : inboxOf(uid).entries()) {
            if (entry instanceof Entry.OfMessage of
                    && of.message().conversation().equals(conversation)) {
                seqs.add(of.message().seq());
            }
        }
        return seqs;
    }
}
