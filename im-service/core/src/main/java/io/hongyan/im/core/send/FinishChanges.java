package io.hongyan.im.core.send;

import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.ChangedMessages.Due;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does what changes of messages have left to do: tells the counts of reactions in large groups, and erases further copies of
 * what was recalled. What is due stands in the storage, so it survives the process; several nodes may find it at the same
 * time, and the rules let it be done once.
 */
final class FinishChanges {
    private static final int COUNTS_MAX = 500;
    /** As much content as a transaction has at most, by default. */
    private static final int ERASURES_MAX = 8;

    private final ChangedMessages changed;
    private final Drafts drafts;
    private final MessageContents contents;
    private final ChangeCounters counters;
    /** Of the last run. */
    private final AtomicInteger unanswered = new AtomicInteger();

    FinishChanges(ChangedMessages changed, Drafts drafts, MessageContents contents, ChangeCounters counters) {
        this.changed = changed;
        this.drafts = drafts;
        this.contents = contents;
        this.counters = counters;
    }

    /** One thread; blocks. Does nothing while drafts of the last time wait to be stored. */
    void run() {
        if (unanswered.get() > 0) {
            return;
        }
        List<Due> due = changed.due(COUNTS_MAX, ERASURES_MAX);
        unanswered.addAndGet(due.size());
        for (Due one : due) {
            Draft draft = draft(one);
            drafts.submit(draft, SendOrigin.server()).whenComplete((outcome, trouble) -> {
                counters.finished(draft.messageChange(), outcome);
                unanswered.decrementAndGet();
            });
        }
    }

    /** The same id for the same state, whoever finds it; with blanks, as nobody else can name one. */
    private Draft draft(Due due) {
        MessageId message = due.message();
        MessageChange change = due.state().recalled()
                ? new MessageChange.CopiesErased(message.seq())
                : new MessageChange.ReactionsCounted(message.seq(), due.state().reactions());
        boolean erases = change instanceof MessageChange.CopiesErased;
        return new Draft(
                message.conversation(),
                SystemUser.UID,
                SystemUser.DEVICE,
                (erases ? "erase " : "counts ")
                        + message.seq()
                        + ' '
                        + due.state().stateSeq(),
                erases ? new byte[0] : contents.encode(change),
                null,
                change,
                0);
    }
}
