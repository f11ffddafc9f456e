package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.protocol.v1.SendRequest;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages to many users from one template. */
@Timeout(30)
class AwayTemplateTest {
    @Test
    void eachMessageNamesItsReceiver() throws InvalidProtocolBufferException {
        AwayTemplate template = new AwayTemplate("run", 50, new SplittableRandom(1));
        for (int user : new int[] {0, 7, 123_456, 99_999_999}) {
            SendRequest request = SendRequest.parseFrom(template.to(user, 3, 4));
            assertThat(request.getTo().getId()).isEqualTo(HintPlan.uid("run", user));
            assertThat(HintPlan.user("run", request.getTo().getId())).isEqualTo(user);
            assertThat(request.getContent().getText().getText()).hasSize(50);
        }
    }

    @Test
    void usersOfOtherRunsAreNobody() {
        assertThat(HintPlan.user("run", "other-a00000001")).isNegative();
        assertThat(HintPlan.user("run", "run-a1")).isNegative();
    }
}
