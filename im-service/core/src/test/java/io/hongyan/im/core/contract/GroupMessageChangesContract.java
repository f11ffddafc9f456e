package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.ChangedMessages.Due;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Written;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a storage promises of changes of messages in groups whose members come and go, are many, or get them by steps. */
public abstract class GroupMessageChangesContract extends ChangedMessagesContract {
    private static final int MANY = 1_000;

    @Override
    GroupLimits limits() {
        return new GroupLimits(MANY + 1, MANY, 6, INLINE_MAX, STEP, 500, 64, 2_000);
    }

    /** The message is of a membership that is over, also when its author is back. */
    @Test
    void whoHasLeftCannotChangeWhatWasWrittenBefore() {
        group("alice", "cid");
        sent("cid", "m1");
        removed("cid");

        refused(Refusal.NOT_A_MEMBER, change(GROUP, "cid", "x1", edited(2, "better")));
        refused(Refusal.NOT_A_MEMBER, change(GROUP, "cid", "x2", new Recalled(2)));
        refused(Refusal.NOT_A_MEMBER, change(GROUP, "cid", "x3", new Reacted(2, "a", false)));
        added("cid");
        storage().reopen();
        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "cid", "x4", edited(2, "better")));
        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "cid", "x5", new Recalled(2)));
        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "cid", "x6", new Reacted(2, "a", false)));
        assertThat(state(GROUP, 2)).isNull();

        long next = sent("cid", "m2").message().seq();
        stored(changed(GROUP, "cid", "e1", edited(next, "better")));
        stored(changed(GROUP, "alice", "c1", new Recalled(2)));
        assertThat(state(GROUP, 2).recalled()).isTrue();
    }

    @Test
    void aRecallBetweenTwoStepsOfAFanOutIsTheSameForAllMembers() {
        group("alice", "bob", "cid", "dan", "eve");
        fanOutAll();
        sent("alice", "m1");
        List<Marker> open = storage().fanOut().open(WORKER, 10, NOW);
        List<Written> first =
                storage().fanOut().advance(open, WORKER, STEP, NOW, LEASE).written();
        assertThat(first).hasSize(1);
        assertThat(text(first.get(0).message())).isEqualTo("text of m1");
        assertThat(first.get(0).done()).isFalse();
        assertThat(entriesOf("eve")).containsExactly(1L);

        Appended.Stored recall = stored(changed(GROUP, "alice", "c1", new Recalled(2)));
        assertThat(recall.fanOut()).isEqualTo(Appended.FanOut.BY_MARKER);
        open = storage().fanOut().open(WORKER, 10, NOW);
        List<Written> rest =
                storage().fanOut().advance(open, WORKER, 5 * STEP, NOW, LEASE).written();
        fanOutAll();

        assertThat(rest.get(0).message().seq()).isEqualTo(2);
        assertThat(rest.get(0).message().content()).isEmpty();
        for (String uid : List.of("alice", "bob", "cid", "dan", "eve")) {
            assertThat(entriesOf(uid)).as(uid).containsExactly(1L, 2L, 3L);
            assertThat(inInbox(uid, 2).content()).as(uid).isEmpty();
            assertThat(inInbox(uid, 2).state().recalled()).as(uid).isTrue();
            assertThat(text(inInbox(uid, 3))).as(uid).isEqualTo("!Recalled 2 ");
        }
    }

    @Test
    void aThousandMembersReactAtOnce() {
        group("alice");
        becameLarge();
        String[] members = IntStream.range(0, MANY).mapToObj(i -> "user" + i).toArray(String[]::new);
        added(members);
        long seq = sent("alice", "m1").message().seq();
        Draft[] reactions = Stream.of(members)
                .map(uid -> change(GROUP, uid, "r1", new Reacted(seq, "a", false)))
                .toArray(Draft[]::new);

        assertThat(append(reactions)).hasSize(MANY).containsOnly(new Appended.Noted());
        assertThat(append(reactions)).hasSize(MANY).containsOnly(new Appended.Noted());

        storage().reopen();
        assertThat(storage().history().head(GROUP)).isEqualTo(seq);
        assertThat(storage().changed().due(10, 10)).extracting(Due::message).containsExactly(new MessageId(GROUP, seq));
        assertThat(state(GROUP, seq).reactions()).containsExactly(new ReactionCount("a", MANY));
        MessageId message = new MessageId(GROUP, seq);
        assertThat(storage().changed().reactionsOf("user999", List.of(message)).get(message))
                .containsExactly("a");
    }
}
