package io.hongyan.im.adapter.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.im.core.inbox.GroupSubscriptions.Subscription;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class HeldFiltersTest {
    @Test
    void whatMatchesTheTopicOfAGroupCoversItsStream() {
        for (String filter : List.of(
                "u/bob/#",
                "u/bob/+/#",
                "u/bob/group/#",
                "u/bob/group/+",
                "u/bob/+/+",
                "u/bob/group/+/#",
                "u/bob/group/g",
                "u/bob/group/g/#",
                "u/bob/+/g",
                "json/u/bob/group/g")) {
            assertThat(held(1, filter).groupQos("g")).as(filter).isEqualTo(1);
            assertThat(held(1, filter).coversGroups()).as(filter).isTrue();
        }
    }

    @Test
    void whatDoesNotMatchItDoesNot() {
        for (String filter : List.of(
                "u/bob/inbox",
                "u/bob/+",
                "u/bob/group",
                "u/bob/group/",
                "u/bob/group/G",
                "u/bob/group/g/x",
                "u/bob/inbox/#",
                "u/alice/group/g",
                "u/alice/#",
                "t/bob/group/g")) {
            assertThat(held(1, filter).groupQos("g")).as(filter).isEqualTo(HeldFilters.NONE);
        }
    }

    @Test
    void theHighestQualityOfServiceOfAllFiltersHolds() {
        HeldFilters both = HeldFilters.of(
                "bob", List.of(new GrantedFilter("u/bob/#", 0, 0), new GrantedFilter("u/bob/group/g", 1, 0)));
        assertThat(both.subscriptionTo("g")).isEqualTo(Subscription.TRACKED);
        assertThat(both.subscriptionTo("other")).isEqualTo(Subscription.UNTRACKED);
        assertThat(held(1, "u/bob/inbox").subscriptionTo("g")).isEqualTo(Subscription.NOTHING);
    }

    @Test
    void theSameGroupsAreTheSameWhateverElseIsCovered() {
        assertThat(held(1, "u/bob/group/#").coversSameGroups(held(1, "u/bob/group/+", "u/bob/reply")))
                .isTrue();
        assertThat(held(1, "u/bob/group/#").coversSameGroups(held(0, "u/bob/group/#")))
                .isFalse();
        assertThat(held(1, "u/bob/group/g").coversSameGroups(held(1, "u/bob/group/h")))
                .isFalse();
        assertThat(held(1, "u/bob/inbox").coversSameGroups(HeldFilters.EMPTY)).isTrue();
    }

    private static HeldFilters held(int qos, String... filters) {
        return HeldFilters.of(
                "bob",
                Arrays.stream(filters)
                        .map(filter -> new GrantedFilter(filter, qos, 0))
                        .toList());
    }
}
