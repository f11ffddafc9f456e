package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TopicNamesTest {
    private static final BrokerConfig.PacketLimits LIMITS = new BrokerConfig.PacketLimits(1_024, 4, 12, 1, 1);

    @ParameterizedTest
    @CsvSource({
        "a/b,a/b,true",
        "a/b,a/c,false",
        "a/b,a/bc,false",
        "a/bc,a/b,false",
        "a/#,a/b/c,true",
        "a/#,a,true",
        "a/#,ab,false",
        "#,a/b,true",
        "#,$SYS/x,false",
        "+/x,$SYS/x,false",
        "$SYS/#,$SYS/x,true",
        "+/b,a/b,true",
        "a/+,a/b,true",
        "a/+,a/,true",
        "a/+,a,false",
        "a/+,a/b/c,false",
        "a/+/c,a/b/c,true",
        "a/+/c,a//c,true",
        "a/+/#,a/b,true",
        "+,a,true",
        "+,a/b,false",
        "/+,/a,true",
        "a/b/,a/b,false"
    })
    void filterMatchesAsTheStandardSays(String filter, String topic, boolean matches) {
        assertThat(TopicNames.matches(filter, topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "#", "+", "a/#", "+/+", "/", "a/+/b", "鸿雁/#"})
    void wellFormedFilterIsValid(String filter) {
        assertThat(TopicFault.ofFilter(filter, LIMITS)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "#/a", "a/#/b", "a+", "+a", "a/b+/c", "a\0b"})
    void brokenFilterIsNot(String filter) {
        assertThat(TopicFault.ofFilter(filter, LIMITS)).isEqualTo(TopicFault.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({"a/b/c/d/e,LEVELS", "é/é/é/éé,BYTES", "a/b/c/d,"})
    void depthAndLengthAreLimitedForBoth(String name, TopicFault fault) {
        assertThat(TopicFault.ofFilter(name, LIMITS)).isEqualTo(fault);
        assertThat(TopicFault.ofTopic(name, LIMITS)).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource({"t/alice/#,true", "t/alice/x/+,true", "t/alic/#,false", "t/+/x,false", "#,false", "t/#,false"})
    void filterIsWithinThePrefixOnlyWhereItCannotMatchAnythingElse(String filter, boolean within) {
        assertThat(TopicNames.within(filter, "t/alice/")).isEqualTo(within);
    }
}
