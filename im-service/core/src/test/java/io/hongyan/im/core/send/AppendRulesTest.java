package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.AllMuted;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Dissolved;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MemberMuted;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.GroupChange.ProfileSet;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.AppendPlan.Entry;
import io.hongyan.im.core.send.AppendPlan.Refused;
import io.hongyan.im.core.send.AppendPlan.Repeated;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.simulation.PlainContents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AppendRulesTest {
    private static final long NOW = 1_000_000;
    private static final Conversation PAIR = Conversation.direct("ann", "bob");
    private static final Conversation GROUP = Conversation.group("g");
    private static final Conversation NEWS = Conversation.system("news", "ann");

    /** Large above 5 members, by marker above 4 recipients. */
    private static final GroupLimits LIMITS = new GroupLimits(20, 10, 5, 4, 2, 10, 64, 100);

    private final AppendRules rules =
            new AppendRules(LIMITS, new MessageRules(ChangeLimits.DEFAULT, new PlainContents()));
    private final Known known = new Known();

    private record User(String uid) implements AppendPlan.Recipient {}

    /** The facts about one conversation, moved on by what is stored. */
    private static final class Known implements AppendRules.Facts<User> {
        private final Set<String> users = Set.of("ann", "bob", "cid", "dan", "eve", "fay", SystemUser.UID);
        private final TreeMap<String, GroupMember> members = new TreeMap<>();
        private boolean repeated;
        private boolean fanningOut;
        private long head;
        private long ordinal;
        private GroupInfo group;

        void stored(Entry<User> entry) {
            head = entry.message().seq();
            ordinal = entry.message().ordinal();
            if (entry.change() != null) {
                group = entry.change().after();
                entry.change().leaving().forEach(members::remove);
                entry.change().joining().forEach(member -> members.put(member.uid(), member));
                entry.change().edited().forEach(member -> members.put(member.uid(), member));
            }
        }

        @Override
        public boolean isRepeated() {
            return repeated;
        }

        @Override
        public long head() {
            return head;
        }

        @Override
        public long ordinal() {
            return ordinal;
        }

        @Override
        public boolean fanningOut() {
            return fanningOut;
        }

        @Override
        public GroupInfo group() {
            return group;
        }

        @Override
        public List<User> present() {
            assertThat(members.size()).as("members asked for").isLessThanOrEqualTo(LIMITS.fanOutInlineMax());
            return new ArrayList<>(members.keySet().stream().map(User::new).toList());
        }

        @Override
        public User recipient(String uid) {
            assertThat(users).contains(uid);
            return new User(uid);
        }

        @Override
        public Optional<GroupMember> member(String uid) {
            return Optional.ofNullable(members.get(uid));
        }

        @Override
        public boolean userExists(String uid) {
            return users.contains(uid);
        }

        @Override
        public MessageRules.Target target(long seq) {
            throw new AssertionError("asked for a plain message");
        }

        @Override
        public byte[] content(long seq) {
            throw new AssertionError("asked for a plain message");
        }

        @Override
        public boolean isRecalled(long seq) {
            throw new AssertionError("asked for a plain message");
        }

        @Override
        public boolean hasReacted(long targetSeq, String emoji, String uid) {
            throw new AssertionError("asked for a plain message");
        }

        @Override
        public int pins() {
            throw new AssertionError("asked for a plain message");
        }

        @Override
        public List<MessageRules.Content> copies(long ofSeq, int entriesMax, int bytesMax) {
            throw new AssertionError("asked for a plain message");
        }
    }

    private AppendPlan<User> plan(Conversation conversation, String sender, GroupChange change) {
        return rules.plan(new Draft(conversation, sender, "ios:x", "id", new byte[] {1}, change), known, NOW);
    }

    private Entry<User> store(Conversation conversation, String sender) {
        return store(conversation, sender, null);
    }

    private Entry<User> store(Conversation conversation, String sender, GroupChange change) {
        Entry<User> entry = (Entry<User>) plan(conversation, sender, change);
        known.stored(entry);
        return entry;
    }

    private void refused(Conversation conversation, String sender, Refusal why) {
        assertThat(plan(conversation, sender, null)).isEqualTo(new Refused<User>(why));
    }

    private Entry<User> create(String owner, String... others) {
        return store(GROUP, owner, new Created(owner, "name", false, 0, List.of(others)));
    }

    private static List<String> uids(Entry<User> entry) {
        return entry.recipients().stream().map(User::uid).toList();
    }

    private static void assertWay(Entry<User> entry, FanOut fanOut, boolean marker, String... recipients) {
        assertThat(entry.fanOut()).isEqualTo(fanOut);
        assertThat(entry.marker()).isEqualTo(marker);
        assertThat(uids(entry)).containsExactly(recipients);
        assertThat(entry.toSender())
                .isEqualTo(List.of(recipients).contains(entry.message().sender()));
    }

    @Test
    void messageTakesTheNextNumberAndOrdinalAndGoesToBothTheSenderFirst() {
        known.head = 7;
        known.ordinal = 5;

        Entry<User> entry = store(PAIR, "bob");

        assertThat(entry.message())
                .isEqualTo(new StoredMessage(
                        PAIR, 8, 6, "bob", "ios:x", "id", NOW, entry.message().content()));
        assertThat(entry.message().content()).containsExactly(1);
        assertWay(entry, FanOut.INLINE, false, "bob", "ann");
        assertThat(entry.change()).isNull();
        assertThat(entry.outgrown()).isFalse();
    }

    @Test
    void whoWritesToThemselvesGetsItOnce() {
        assertWay(store(Conversation.direct("ann", "ann"), "ann"), FanOut.INLINE, false, "ann");
    }

    @Test
    void firstMessageIsOfUsersThatExist() {
        refused(Conversation.direct("ann", "nobody"), "ann", Refusal.UNKNOWN_CONVERSATION);
        refused(Conversation.direct("ann", "nobody"), "nobody", Refusal.UNKNOWN_CONVERSATION);
        assertThat(store(PAIR, "ann").message().seq()).isEqualTo(1);
    }

    @Test
    void strangersDoNotWrite() {
        refused(PAIR, "cid", Refusal.NOT_A_MEMBER);
        refused(PAIR, "a", Refusal.NOT_A_MEMBER);
        refused(PAIR, SystemUser.UID, Refusal.NOT_A_MEMBER);
        store(PAIR, "ann");
        refused(PAIR, "cid", Refusal.NOT_A_MEMBER);
        refused(new Conversation(Kind.ROOM, "r"), "ann", Refusal.UNKNOWN_CONVERSATION);
    }

    @Test
    void whatIsStoredIsNotAskedAboutAgain() {
        create("ann", "bob");
        store(GROUP, "bob", new Left());
        known.repeated = true;

        for (Conversation conversation : List.of(PAIR, GROUP, NEWS)) {
            assertThat(plan(conversation, "bob", null)).isEqualTo(new Repeated<User>());
        }
        assertThat(plan(GROUP, "bob", new Left())).isEqualTo(new Repeated<User>());
    }

    @Test
    void systemTellsOneReader() {
        Entry<User> entry = store(NEWS, SystemUser.UID);

        assertWay(entry, FanOut.INLINE, false, "ann");
        assertThat(entry.message().ordinal()).isEqualTo(1);
        refused(NEWS, "ann", Refusal.NOT_ALLOWED);
        known.head = 0;
        refused(Conversation.system("news", "nobody"), SystemUser.UID, Refusal.UNKNOWN_USER);
    }

    @Test
    void behindAMarkerEverythingGoesByMarker() {
        create("ann", "bob");
        known.fanningOut = true;

        assertWay(store(GROUP, "bob"), FanOut.BY_MARKER, true);
        assertWay(store(PAIR, "bob"), FanOut.BY_MARKER, true);
        assertWay(store(NEWS, SystemUser.UID), FanOut.BY_MARKER, true);
    }

    @Test
    void creationIsForAllAndDoesNotCount() {
        Entry<User> created = create("bob", "cid", "ann");

        assertWay(created, FanOut.INLINE, false, "bob", "cid", "ann");
        assertThat(created.message().seq()).isEqualTo(1);
        assertThat(created.message().ordinal()).isZero();
        assertThat(created.change().joining()).hasSize(3);
        assertThat(store(GROUP, "ann").message().ordinal()).isEqualTo(1);
        assertThat(store(GROUP, "bob", new ProfileSet("x", null, null))
                        .message()
                        .ordinal())
                .isEqualTo(1);
    }

    @Test
    void membersWriteToMembers() {
        refused(GROUP, "ann", Refusal.UNKNOWN_CONVERSATION);
        create("ann", "bob", "cid");

        assertWay(store(GROUP, "cid"), FanOut.INLINE, false, "cid", "ann", "bob");
        refused(GROUP, "dan", Refusal.NOT_A_MEMBER);
        refused(GROUP, "nobody", Refusal.NOT_A_MEMBER);
        assertWay(store(GROUP, SystemUser.UID), FanOut.INLINE, false, "ann", "bob", "cid");
    }

    @Test
    void mutedMembersAndMembersOfADissolvedGroupDoNotWrite() {
        create("ann", "bob", "cid");
        store(GROUP, "ann", new MemberMuted("bob", NOW + 1));
        refused(GROUP, "bob", Refusal.MUTED);
        store(GROUP, "ann", new AllMuted(true));
        refused(GROUP, "cid", Refusal.MUTED);
        assertThat(store(GROUP, "ann").fanOut()).isEqualTo(FanOut.INLINE);
        store(GROUP, "ann", new Dissolved());
        refused(GROUP, "ann", Refusal.DISSOLVED);
    }

    @Test
    void whoComesOrGoesGetsThatEntry() {
        create("ann", "bob");

        assertWay(store(GROUP, "ann", new MembersAdded(List.of("cid"))), FanOut.INLINE, false, "ann", "bob", "cid");
        assertWay(store(GROUP, "cid", new Left()), FanOut.INLINE, false, "cid", "ann", "bob");
        assertWay(store(GROUP, "ann", new MembersRemoved(List.of("bob"))), FanOut.INLINE, false, "ann", "bob");
        assertWay(store(GROUP, "ann"), FanOut.INLINE, false, "ann");
    }

    @Test
    void changeThatTheRulesOfGroupsRefuseIsRefused() {
        create("ann", "bob");

        assertThat(plan(GROUP, "bob", new MembersRemoved(List.of("ann"))))
                .isEqualTo(new Refused<User>(Refusal.NOT_ALLOWED));
        assertThat(plan(GROUP, "ann", new MembersAdded(List.of("nobody"))))
                .isEqualTo(new Refused<User>(Refusal.UNKNOWN_USER));
    }

    /** Those who leave with an entry count. */
    @Test
    void manyRecipientsGetItByMarker() {
        create("ann", "bob", "cid", "dan");
        assertWay(store(GROUP, "ann"), FanOut.INLINE, false, "ann", "bob", "cid", "dan");

        assertWay(store(GROUP, "ann", new MembersAdded(List.of("eve"))), FanOut.BY_MARKER, true);
        assertWay(store(GROUP, "bob"), FanOut.BY_MARKER, true);
        assertWay(store(GROUP, "eve", new Left()), FanOut.BY_MARKER, true);
        assertWay(store(GROUP, "ann"), FanOut.INLINE, false, "ann", "bob", "cid", "dan");
    }

    @Test
    void groupThatOutgrowsSaysSoUntilItIsLargeOrDissolved() {
        assertThat(create("ann", "bob", "cid", "dan", "eve").outgrown()).isFalse();
        Entry<User> sixth = store(GROUP, "ann", new MembersAdded(List.of("fay")));
        assertThat(sixth.outgrown()).isTrue();
        assertThat(store(GROUP, "ann").outgrown()).isTrue();

        GroupInfo small = known.group;
        assertThat(store(GROUP, "ann", new Dissolved()).outgrown()).isFalse();
        assertThat(store(GROUP, "bob", new Left()).outgrown()).isFalse();

        known.group = small;
        assertThat(store(GROUP, SystemUser.UID, new BecameLarge()).outgrown()).isFalse();
        assertThat(store(GROUP, "ann").outgrown()).isFalse();
    }

    @Test
    void ofALargeGroupOnlyWhoComesAndGoesGetsAnInboxRow() {
        create("ann", "bob");
        assertWay(store(GROUP, SystemUser.UID, new BecameLarge()), FanOut.INLINE, false, "ann", "bob");

        assertWay(store(GROUP, "ann"), FanOut.BY_STREAM, false);
        assertWay(store(GROUP, "ann", new MembersAdded(List.of("cid", "dan"))), FanOut.BY_STREAM, false, "cid", "dan");
        assertWay(store(GROUP, "cid", new Left()), FanOut.BY_STREAM, false, "cid");
        known.fanningOut = true;
        assertWay(store(GROUP, "ann", new MembersRemoved(List.of("bob"))), FanOut.BY_STREAM, true);
        assertWay(store(GROUP, "ann"), FanOut.BY_STREAM, false);
    }
}
