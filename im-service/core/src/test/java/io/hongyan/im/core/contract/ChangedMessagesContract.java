package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.ChangeLimits;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.send.MessageChange.CopiesErased;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageRules;
import io.hongyan.im.core.simulation.PlainContents;
import java.nio.charset.StandardCharsets;

/** What the classes of the kit about changes of messages share. */
public abstract class ChangedMessagesContract extends GroupStorageContract {
    /** The rules of a storage that runs this kit. */
    public static final MessageRules RULES =
            new MessageRules(new ChangeLimits(120, 3_600, 3, 2, 2), new PlainContents());

    static final Conversation PAIR = Conversation.direct("alice", "bob");

    private static final PlainContents CONTENTS = new PlainContents();

    /** A storage with nothing in it, with {@link #RULES}. */
    @Override
    protected abstract Storage newStorage(GroupLimits limits);

    static Draft change(Conversation in, String actor, String id, MessageChange change) {
        long quoted = change instanceof Edited edited ? edited.quotedSeq() : 0;
        byte[] content = change instanceof CopiesErased ? new byte[0] : CONTENTS.encode(change);
        return new Draft(in, actor, PHONE, id, content, null, change, quoted);
    }

    static Draft answer(Conversation in, String sender, String id, long quotedSeq, String excerpt) {
        byte[] content = PlainContents.answer(quotedSeq, excerpt, id);
        return new Draft(in, sender, PHONE, id, content, null, null, quotedSeq);
    }

    static Edited edited(long seq, String text) {
        return new Edited(seq, bytes(text), 0);
    }

    final Appended changed(Conversation in, String actor, String id, MessageChange change) {
        return append(change(in, actor, id, change)).get(0);
    }

    final void refused(Refusal why, Draft draft) {
        long head = storage().history().head(draft.conversation());
        assertThat(append(draft)).containsExactly(new Appended.Refused(why));
        assertThat(storage().history().head(draft.conversation())).isEqualTo(head);
    }

    final StoredMessage entry(Conversation in, long seq) {
        return storage().history().read(in, seq - 1, seq + 1, false, 1, ALL).get(0);
    }

    final String text(Conversation in, long seq) {
        return text(entry(in, seq));
    }

    static String text(StoredMessage message) {
        return new String(message.content(), StandardCharsets.UTF_8);
    }

    final MessageState state(Conversation in, long seq) {
        return entry(in, seq).state();
    }

    final StoredMessage inInbox(String uid, long inboxSeq) {
        Entry entry =
                storage().inbox().read(uid, inboxSeq - 1, 1, ALL).entries().get(0);
        return ((Entry.OfMessage) entry).message();
    }
}
