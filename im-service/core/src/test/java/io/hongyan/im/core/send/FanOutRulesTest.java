package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutRules.Page;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class FanOutRulesTest {
    private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

    private final List<String> asked = new ArrayList<>();

    /** Says what it is asked, and knows the same five in each list. */
    private final class Known implements FanOutRules.Members<String, RuntimeException> {
        @Override
        public String uid(String user) {
            return user;
        }

        @Override
        public List<String> present() {
            asked.add("present");
            return FIVE;
        }

        @Override
        public List<String> at(long seq, String aboveUid, int limit) {
            asked.add("at " + seq + ", above " + aboveUid + ", " + limit);
            return FIVE.stream()
                    .filter(uid -> uid.compareTo(aboveUid) > 0)
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<String> changed(long seq, String aboveUid, int limit) {
            asked.add("changed " + seq + ", above " + aboveUid + ", " + limit);
            return FIVE.subList(0, 1);
        }
    }

    private static GroupInfo group(int members, long membersVersion, long largeSeq) {
        return new GroupInfo(
                "g",
                new GroupInfo.Profile("g", "", false),
                "a",
                false,
                new GroupInfo.Members(members, 100_000, membersVersion),
                largeSeq,
                false,
                1);
    }

    private Page<String> next(GroupInfo group, long seq, String progress, int recipientsMax) {
        return FanOutRules.next(group, seq, progress, recipientsMax, new Known());
    }

    @Test
    void whereNobodyCameOrWentSinceTheEntryItsRecipientsAreThoseWhoArePresent() {
        assertThat(next(group(5, 6, 0), 7, "", 10)).isEqualTo(new Page<>(FIVE, true));
        assertThat(asked).containsExactly("present");
    }

    @Test
    void whereSomebodyCameOrWentTheyAreLookedUpByTheEntry() {
        assertThat(next(group(5, 7, 0), 7, "b", 10)).isEqualTo(new Page<>(List.of("c", "d", "e"), true));
        assertThat(asked).containsExactly("at 7, above b, 11");
    }

    @Test
    void theListOfAllIsNotAskedForWhereItIsLong() {
        next(group(FanOutRules.LISTED_MEMBERS_MAX, 1, 0), 7, "", 1);
        next(group(FanOutRules.LISTED_MEMBERS_MAX + 1, 1, 0), 7, "", 1);
        assertThat(asked).containsExactly("present", "at 7, above , 2");
    }

    @Test
    void ofAGroupThatIsLargeTheEntriesAfterThatComeOnlyToThoseWhomTheyAddOrRemove() {
        assertThat(next(group(5, 1, 6), 7, "", 3)).isEqualTo(new Page<>(List.of("a"), true));
        next(group(5, 1, 6), 6, "", 3);
        assertThat(asked).containsExactly("changed 7, above , 4", "present");
    }

    @Test
    void aListIsReadPageByPageAndItsEndIsKnownWithTheLastPage() {
        GroupInfo group = group(5, 1, 0);
        assertThat(next(group, 7, "", 2)).isEqualTo(new Page<>(List.of("a", "b"), false));
        assertThat(next(group, 7, "b", 2)).isEqualTo(new Page<>(List.of("c", "d"), false));
        assertThat(next(group, 7, "d", 2)).isEqualTo(new Page<>(List.of("e"), true));
        assertThat(next(group, 7, "bb", 3)).isEqualTo(new Page<>(List.of("c", "d", "e"), true));
        assertThat(next(group, 7, "e", 3)).isEqualTo(new Page<>(List.of(), true));
    }

    @Test
    void aMarkerIsTakenByItsHolderOrWhenNobodyHoldsIt() {
        assertThat(FanOutRules.mayTake("me", null, 0, 100)).isTrue();
        assertThat(FanOutRules.mayTake("me", "me", 200, 100)).isTrue();
        assertThat(FanOutRules.mayTake("me", "other", 101, 100)).isFalse();
        assertThat(FanOutRules.mayTake("me", "other", 100, 100)).isTrue();
    }

    private static Page<Integer> page(int recipients, boolean last) {
        return new Page<>(IntStream.range(0, recipients).boxed().toList(), last);
    }

    /** What entries were asked for, until they gave so many pages. */
    private static List<Integer> askedFor(int recipientsMax, Page<?>... pages) {
        Deque<Page<?>> left = new ArrayDeque<>(List.of(pages));
        List<Integer> asked = new ArrayList<>();
        FanOutRules.<RuntimeException>take(recipientsMax, max -> {
            asked.add(max);
            return left.poll();
        });
        return asked;
    }

    @Test
    void entriesAreTakenUntilTheStepIsFullOrOneHasRecipientsLeft() {
        assertThat(askedFor(10, page(4, true), page(3, true)))
                .as("none is left")
                .containsExactly(10, 6, 3);
        assertThat(askedFor(7, page(4, true), page(3, true), page(1, true)))
                .as("full")
                .containsExactly(7, 3);
        assertThat(askedFor(10, page(4, false), page(1, true)))
                .as("recipients are left")
                .containsExactly(10);
        assertThat(askedFor(2, page(0, true), page(0, true), page(0, true)))
                .as("an entry without recipients counts as one")
                .containsExactly(2, 1);
    }

    @Test
    void markersHaveTheirTurnUntilTheStepIsFull() {
        List<Marker> markers = List.of(
                new Marker(Conversation.group("a"), 1),
                new Marker(Conversation.group("b"), 2),
                new Marker(Conversation.group("c"), 3));
        List<String> turns = new ArrayList<>();
        int served = FanOutRules.<RuntimeException>inTurn(markers, 10, (marker, max) -> {
            turns.add(marker.conversation().id() + " " + max);
            return marker.seq() == 1 ? 0 : 10;
        });
        assertThat(served).isEqualTo(2);
        assertThat(turns).containsExactly("a 10", "b 10");
    }
}
