package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.MessageChange.CopiesErased;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.ReactionsCounted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.send.MessageDecision.Accepted;
import io.hongyan.im.core.send.MessageDecision.Noted;
import io.hongyan.im.core.send.MessageDecision.Refused;
import io.hongyan.im.core.send.MessageRules.Content;
import io.hongyan.im.core.send.MessageRules.Standing;
import io.hongyan.im.core.send.MessageRules.Target;
import io.hongyan.im.core.send.MessageWrites.Copy;
import io.hongyan.im.core.send.MessageWrites.Reaction;
import io.hongyan.im.core.simulation.PlainContents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MessageRulesTest {
    private static final Conversation GROUP = Conversation.group("g");
    private static final long SENT = 1_000_000;
    /** Number of the message that is changed, of the change. */
    private static final long TARGET = 7;

    private static final long SEQ = 20;

    private static final Standing MEMBER = new Standing(3, false, false, false, false);
    private static final Standing ADMIN = new Standing(3, true, true, false, false);
    private static final Standing MUTED = new Standing(3, false, false, true, false);
    private static final Standing MUTED_ADMIN = new Standing(3, true, true, true, false);
    private static final Standing OF_LARGE = new Standing(3, false, false, false, true);
    private static final Standing SERVER_IN_LARGE = new Standing(1, true, true, false, true);

    private final PlainContents contents = new PlainContents();
    private final MessageRules rules = new MessageRules(new ChangeLimits(120, 3_600, 2, 2, 3), contents);
    private final Known known = new Known();

    /** About one message of ann's. */
    private static final class Known implements MessageRules.Facts {
        private String text = "hello";
        private MessageState state;
        private boolean reacted;
        private boolean quotedIsRecalled;
        private int pins;
        private final List<Content> copies = new ArrayList<>();
        private boolean contentAsked;

        @Override
        public Target target(long seq) {
            return seq != TARGET ? null : new Target("ann", SENT, state);
        }

        @Override
        public byte[] content(long seq) {
            assertThat(seq).isEqualTo(TARGET);
            contentAsked = true;
            return bytes(text);
        }

        @Override
        public boolean isRecalled(long seq) {
            return quotedIsRecalled;
        }

        @Override
        public boolean hasReacted(long targetSeq, String emoji, String uid) {
            return reacted;
        }

        @Override
        public int pins() {
            return pins;
        }

        @Override
        public List<Content> copies(long ofSeq, int entriesMax, int bytesMax) {
            assertThat(bytesMax).isEqualTo(MessageRules.COPY_BYTES_AT_ONCE);
            return copies.subList(0, Math.min(copies.size(), entriesMax));
        }
    }

    private static Content entry(long seq, String text) {
        return new Content(seq, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private MessageDecision decide(String actor, Standing standing, long afterMillis, MessageChange change) {
        byte[] content = change instanceof CopiesErased ? new byte[0] : contents.encode(change);
        long quoted = change instanceof Edited edited ? edited.quotedSeq() : 0;
        Draft draft = new Draft(GROUP, actor, "ios:x", "c", content, null, change, quoted);
        return rules.decide(draft, standing, SEQ, SENT + afterMillis, known);
    }

    private MessageWrites accepted(String actor, Standing standing, long afterMillis, MessageChange change) {
        return ((Accepted) decide(actor, standing, afterMillis, change)).writes();
    }

    private void refused(Refusal why, String actor, Standing standing, long afterMillis, MessageChange change) {
        assertThat(decide(actor, standing, afterMillis, change)).isEqualTo(new Refused(why));
    }

    private static Edited edited(String text) {
        return new Edited(TARGET, bytes(text), 0);
    }

    @Test
    void ownMessagesAreRecalledForAWhileOthersByWhoOrganises() {
        Recalled recall = new Recalled(TARGET);

        assertThat(accepted("ann", MEMBER, 120_000, recall).state().recalled()).isTrue();
        refused(Refusal.TOO_LATE, "ann", MEMBER, 120_001, recall);
        refused(Refusal.NOT_ALLOWED, "bob", MEMBER, 0, recall);
        assertThat(accepted("bob", ADMIN, 1L << 40, recall).state().recalled()).isTrue();
        assertThat(accepted("ann", MUTED, 0, recall).state().recalled()).isTrue();
        // A clock that went back makes nothing too late.
        assertThat(accepted("ann", MEMBER, -5_000, recall).state().recalled()).isTrue();
    }

    @Test
    void onlyAnEditAsksForTheContentOfTheMessage() {
        known.reacted = true;
        for (MessageChange change :
                List.of(new Recalled(TARGET), new Reacted(TARGET, "a", true), new Pinned(TARGET, true))) {
            assertThat(decide("ann", ADMIN, 0, change)).isInstanceOf(Accepted.class);
        }
        decide(SystemUser.UID, SERVER_IN_LARGE, 0, new ReactionsCounted(TARGET, List.of()));
        assertThat(known.contentAsked).isFalse();
        assertThat(decide("ann", MEMBER, 0, edited("better"))).isInstanceOf(Accepted.class);
        assertThat(known.contentAsked).isTrue();
    }

    @Test
    void aRecallEmptiesTheMessageAndTakesItsPinAndReactions() {
        known.state = new MessageState(9, 1, SENT, false, true, List.of(new ReactionCount("a", 2)), 5, false);
        known.copies.add(entry(8, "!Edited 7 hello"));
        known.copies.add(entry(9, ">7>hel>yes"));

        MessageWrites writes = accepted("ann", MEMBER, 0, new Recalled(TARGET));

        assertThat(writes.state()).isEqualTo(new MessageState(SEQ, 1, SENT, true, false, List.of(), 5, false));
        assertThat(writes.replaced().stream()
                        .map(one -> one.seq() + "=" + new String(one.content(), StandardCharsets.UTF_8)))
                .containsExactly("7=", "8=!Edited 7 ", "9=>7>>yes");
        assertThat(writes.erased()).containsExactly(new Copy(TARGET, 8), new Copy(TARGET, 9));
        assertThat(writes.copies()).isEmpty();
    }

    @Test
    void moreBytesOfCopiesThanOneTransactionTakesAreLeftToTheServerToo() {
        known.copies.add(entry(1, ">7>x>" + "y".repeat(MessageRules.COPY_BYTES_AT_ONCE / 2)));
        assertThat(accepted("ann", MEMBER, 0, new Recalled(TARGET)).state().due())
                .isFalse();
        known.copies.add(entry(2, ">7>x>" + "y".repeat(MessageRules.COPY_BYTES_AT_ONCE / 2)));

        assertThat(accepted("ann", MEMBER, 0, new Recalled(TARGET)).state().due())
                .isTrue();
    }

    @Test
    void moreCopiesThanOneTransactionTakesAreLeftToTheServer() {
        IntStream.rangeClosed(1, MessageRules.COPIES_AT_ONCE + 1).forEach(i -> known.copies.add(entry(i, ">7>x>y")));
        MessageWrites first = accepted("ann", MEMBER, 0, new Recalled(TARGET));
        assertThat(first.state().due()).isTrue();
        assertThat(first.erased()).hasSize(MessageRules.COPIES_AT_ONCE);
        known.state = first.state();
        known.copies.subList(0, MessageRules.COPIES_AT_ONCE).clear();

        Noted rest = (Noted) decide(SystemUser.UID, Standing.SERVER, 0, new CopiesErased(TARGET));

        assertThat(rest.writes().state()).isEqualTo(first.state().due(false));
        assertThat(rest.writes().replaced()).hasSize(1);
        refused(Refusal.NOT_ALLOWED, "ann", ADMIN, 0, new CopiesErased(TARGET));
        known.state = null;
        refused(Refusal.NOT_ALLOWED, SystemUser.UID, Standing.SERVER, 0, new CopiesErased(TARGET));
    }

    @Test
    void onlyTheSenderEditsForAWhileAndSoOften() {
        MessageWrites writes = accepted("ann", MEMBER, 3_600_000, edited("better"));

        assertThat(writes.state())
                .isEqualTo(new MessageState(SEQ, 1, SENT + 3_600_000, false, false, List.of(), 0, false));
        assertThat(writes.replaced().get(0).content()).isEqualTo(bytes("better"));
        assertThat(writes.copies()).containsExactly(new Copy(TARGET, SEQ));
        refused(Refusal.TOO_LATE, "ann", MEMBER, 3_600_001, edited("better"));
        refused(Refusal.NOT_ALLOWED, "bob", MEMBER, 0, edited("better"));
        refused(Refusal.NOT_ALLOWED, "bob", ADMIN, 0, edited("better"));
        refused(Refusal.MUTED, "ann", MUTED, 0, edited("better"));
        refused(Refusal.NOT_ALLOWED, "ann", MEMBER, 0, edited("#picture"));
        known.state = MessageState.NONE.edited(9, SENT).edited(10, SENT);
        refused(Refusal.LIMIT_REACHED, "ann", MEMBER, 0, edited("better"));
        known.text = "#picture";
        refused(Refusal.NOT_ALLOWED, "ann", MEMBER, 0, edited("better"));
    }

    @Test
    void anEditThatAnswersNotesWhoseContentItHas() {
        Edited edit = new Edited(TARGET, PlainContents.answer(5, "old", "yes"), 5);

        assertThat(accepted("ann", MEMBER, 0, edit).copies())
                .containsExactly(new Copy(TARGET, SEQ), new Copy(5, SEQ), new Copy(5, TARGET));
        Edited ofItself = new Edited(TARGET, PlainContents.answer(TARGET, "old", "yes"), TARGET);
        assertThat(accepted("ann", MEMBER, 0, ofItself).copies()).containsExactly(new Copy(TARGET, SEQ));
        known.quotedIsRecalled = true;
        Accepted without = (Accepted) decide("ann", MEMBER, 0, edit);
        assertThat(without.content()).isEqualTo(bytes("!Edited 7 >5>>yes"));
        assertThat(without.writes().replaced().get(0).content()).isEqualTo(bytes(">5>>yes"));
        assertThat(without.writes().copies()).containsExactly(new Copy(TARGET, SEQ));
    }

    @Test
    void whatTheAskerDoesNotSeeOrWasRecalledIsUnknown() {
        for (MessageChange change : List.of(
                new Recalled(2), new Recalled(8), new Recalled(0), new Recalled(-1), new Recalled(Long.MAX_VALUE))) {
            refused(Refusal.UNKNOWN_MESSAGE, "ann", MEMBER, 0, change);
        }
        Standing joinedLater = new Standing(TARGET + 1, true, true, false, false);
        refused(Refusal.UNKNOWN_MESSAGE, "ann", joinedLater, 0, new Recalled(TARGET));
        known.state = MessageState.NONE.recalled(9, false);
        for (MessageChange change : List.of(edited("x"), new Reacted(TARGET, "a", false), new Pinned(TARGET, true))) {
            refused(Refusal.UNKNOWN_MESSAGE, "ann", ADMIN, 0, change);
        }
        assertThat(decide("ann", MEMBER, 1L << 40, new Recalled(TARGET))).isEqualTo(new Noted(null));
        refused(Refusal.NOT_ALLOWED, "bob", MEMBER, 0, new Recalled(TARGET));
    }

    @Test
    void aReactionIsCountedOnce() {
        Reacted plus = new Reacted(TARGET, "+", false);

        MessageWrites writes = accepted("bob", MEMBER, 1L << 40, plus);

        assertThat(writes.reaction()).isEqualTo(new Reaction("+", "bob", true));
        assertThat(writes.state().reactions()).containsExactly(new ReactionCount("+", 1));
        assertThat(writes.state().stateSeq()).isEqualTo(SEQ);
        assertThat(decide("bob", MEMBER, 0, new Reacted(TARGET, "+", true))).isEqualTo(new Noted(null));
        refused(Refusal.MUTED, "bob", MUTED, 0, plus);
        known.state = writes.state();
        known.reacted = true;
        assertThat(decide("bob", MEMBER, 0, plus)).isEqualTo(new Noted(null));
        MessageWrites back = accepted("bob", MEMBER, 0, new Reacted(TARGET, "+", true));
        assertThat(back.reaction()).isEqualTo(new Reaction("+", "bob", false));
        assertThat(back.state().reactions()).isEmpty();
    }

    @Test
    void differentReactionsAreLimited() {
        known.state = MessageState.NONE.reacted(8, "a", false).reacted(9, "b", false);

        refused(Refusal.LIMIT_REACHED, "bob", MEMBER, 0, new Reacted(TARGET, "c", false));
        assertThat(accepted("bob", MEMBER, 0, new Reacted(TARGET, "a", false))
                        .state()
                        .reactions())
                .containsExactly(new ReactionCount("a", 2), new ReactionCount("b", 1));
    }

    @Test
    void inALargeGroupReactionsAreToldAsCountsOnceASecond() {
        Noted noted = (Noted) decide("bob", OF_LARGE, 0, new Reacted(TARGET, "a", false));

        assertThat(noted.writes().state())
                .isEqualTo(new MessageState(0, 0, 0, false, false, List.of(new ReactionCount("a", 1)), 0, true));
        assertThat(noted.writes().reaction()).isEqualTo(new Reaction("a", "bob", true));
        known.state = noted.writes().state();
        ReactionsCounted counts = new ReactionsCounted(TARGET, known.state.reactions());
        refused(Refusal.NOT_ALLOWED, "ann", OF_LARGE, 0, counts);
        known.state = accepted(SystemUser.UID, SERVER_IN_LARGE, 0, counts).state();
        assertThat(known.state)
                .isEqualTo(new MessageState(SEQ, 0, 0, false, false, List.of(new ReactionCount("a", 1)), SENT, false));
        assertThat(decide(SystemUser.UID, SERVER_IN_LARGE, 5_000, counts)).isEqualTo(new Noted(null));
        known.state = known.state.reactedUntold("b", false);
        assertThat(decide(SystemUser.UID, SERVER_IN_LARGE, 999, counts)).isEqualTo(new Noted(null));
        // Counts that are old when they are stored leave it due.
        assertThat(accepted(SystemUser.UID, SERVER_IN_LARGE, 1_000, counts)
                        .state()
                        .due())
                .isTrue();
    }

    @Test
    void pinsAreOfWhoOrganisesAndLimited() {
        refused(Refusal.NOT_ALLOWED, "ann", MEMBER, 0, new Pinned(TARGET, true));
        assertThat(accepted("bob", MUTED_ADMIN, 0, new Pinned(TARGET, true))
                        .state()
                        .pinned())
                .isTrue();
        assertThat(accepted("ann", Standing.ONE_OF_TWO, 0, new Pinned(TARGET, true))
                        .state()
                        .pinned())
                .isTrue();
        assertThat(decide("bob", ADMIN, 0, new Pinned(TARGET, false))).isEqualTo(new Noted(null));
        known.pins = 3;
        refused(Refusal.LIMIT_REACHED, "bob", ADMIN, 0, new Pinned(TARGET, true));
        known.state = MessageState.NONE.pinned(9, true);
        assertThat(accepted("bob", ADMIN, 0, new Pinned(TARGET, false)).state().pinned())
                .isFalse();
    }

    @Test
    void anAnswerNotesWhatItHasAndNothingOfWhatWasRecalled() {
        byte[] content = PlainContents.answer(5, "old", "yes");
        Draft answer = new Draft(GROUP, "bob", "ios:x", "a", content, null, null, 5);

        Accepted stored = (Accepted) rules.decide(answer, MEMBER, SEQ, SENT, known);
        assertThat(stored.content()).isEqualTo(content);
        assertThat(stored.writes().copies()).containsExactly(new Copy(5, SEQ));
        known.quotedIsRecalled = true;
        Accepted without = (Accepted) rules.decide(answer, MEMBER, SEQ, SENT, known);
        assertThat(without).isEqualTo(new Accepted(without.content(), null));
        assertThat(without.content()).isEqualTo(bytes(">5>>yes"));
        Draft ahead = new Draft(GROUP, "bob", "ios:x", "a", content, null, null, SEQ);
        assertThat(rules.decide(ahead, MEMBER, SEQ, SENT, known)).isEqualTo(new Accepted(content, null));
    }
}
