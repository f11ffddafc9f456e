package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One spelling is written; those of scripts from before are read, too. */
final class JsonBodyTest {
    private static final String LONG = " takes a whole number from -9223372036854775808 to 9223372036854775807.";

    record Thing(
            @Described(value = "A time.", optional = true) Long untilMs,

            @Described(value = "A short number.", optional = true)
            Integer membersMax,

            @Described(
                    value = "One of a few.",
                    optional = true,
                    oneOf = {"ONE_WAY", "OTHER"})
            String whichWay,

            @Described(value = "More.", optional = true) List<Part> allParts) {}

    record Part(@Described("A text.") String someText) {}

    record Answer(
            @Described("A number.") long bigNumber,
            @Described(value = "A number.", optional = true) Long otherNumber,
            @Described("A short number.") int shortNumber,
            @Described("Whether.") boolean isTrue,
            @Described("Parts.") List<Part> allParts) {}

    private static Thing read(String json) {
        return JsonBody.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Thing.class);
    }

    private static void assertBad(String json, String detail) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(Problem.class).hasMessage(detail);
    }

    @Test
    void namesAreInLowerCamelCaseAndLongNumbersInQuotes() {
        Answer answer = new Answer(9_007_199_254_740_993L, 5L, 7, true, List.of(new Part("x")));
        assertThat(new String(JsonBody.write(answer), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"bigNumber\":\"9007199254740993\",\"otherNumber\":\"5\",\"shortNumber\":7,\"isTrue\":true,"
                                + "\"allParts\":[{\"someText\":\"x\"}]}");
        Answer without = new Answer(0, null, 0, false, List.of());
        assertThat(new String(JsonBody.write(without), StandardCharsets.UTF_8))
                .isEqualTo("{\"bigNumber\":\"0\",\"shortNumber\":0,\"isTrue\":false,\"allParts\":[]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'untilMs':'5','membersMax':6,'whichWay':'ONE_WAY','allParts':[{'someText':'x'}]}",
                "{'until_ms':5,'members_max':6,'which_way':'one_way','all_parts':[{'some_text':'x'}]}",
                "{'until_ms':5.0,'membersMax':'6','which_way':'ONE_WAY','allParts':[{'some_text':'x'}]}"
            })
    void bothSpellingsAreRead(String json) {
        Thing thing = read(json);
        assertThat(thing.untilMs()).isEqualTo(5);
        assertThat(thing.membersMax()).isEqualTo(6);
        assertThat(thing.whichWay()).isEqualToIgnoringCase("one_way");
        assertThat(thing.allParts()).containsExactly(new Part("x"));
    }

    @Test
    void aFieldInBothSpellingsStandsTwice() {
        assertBad("{'untilMs':1,'until_ms':1}", "The field until_ms is given twice.");
        assertBad("{'until_ms':1,'untilMs':2}", "The field untilMs is given twice.");
        assertBad(
                "{'allParts':[{'someText':'a'},{'someText':'a','some_text':'a'}]}",
                "The field allParts[1].some_text is given twice.");
        assertThat(read("{'allParts':[{'someText':'a'},{'some_text':'b'}]}").allParts())
                .hasSize(2);
    }

    @Test
    void otherSpellingsAreNoFields() {
        assertBad(
                "{'UntilMs':1}", "There is no field UntilMs here; fields are allParts, membersMax, untilMs, whichWay.");
        assertBad(
                "{'until-ms':1}",
                "There is no field until-ms here; fields are allParts, membersMax, untilMs, whichWay.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'one'",
                "1.5",
                "''",
                "' 1'",
                "'0x1'",
                "'+1'",
                "1e400",
                "true",
                "[1]",
                "{}",
                "9223372036854775808",
                "'9223372036854775808'"
            })
    void whatIsNoWholeNumberIsRefused(String number) {
        assertBad("{'until_ms':" + number + "}", "The field until_ms" + LONG);
    }

    @Test
    void aShortNumberIsShort() {
        assertThat(read("{'membersMax':'2147483647'}").membersMax()).isEqualTo(Integer.MAX_VALUE);
        assertBad(
                "{'membersMax':2147483648}",
                "The field membersMax takes a whole number from -2147483648 to 2147483647.");
        assertThat(read("{'membersMax':null}").membersMax()).isNull();
    }

    @Test
    void constantsAreReadInSmallLettersToo() {
        assertBad("{'whichWay':'none'}", "The field whichWay takes ONE_WAY or OTHER.");
        assertBad("{'whichWay':''}", "The field whichWay takes ONE_WAY or OTHER.");
        assertBad("{'whichWay':'One_Way'}", "The field whichWay takes ONE_WAY or OTHER.");
    }
}
