package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.hongyan.im.adapter.auth.VerifiedTokens.Verified;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private static final Verified VERIFIED =
            new Verified(JWSAlgorithm.HS256, null, null, new JWTClaimsSet.Builder().build());

    private final VerifiedTokens tokens = new VerifiedTokens();

    private void add(int number) {
        tokens.add(VerifiedTokens.hash("token " + number), VERIFIED);
    }

    private boolean isKnown(int number) {
        return tokens.find(VerifiedTokens.hash("token " + number)) == VERIFIED;
    }

    @Test
    void theLeastRecentlyUsedIsDroppedWhereThereAreTooMany() {
        IntStream.range(0, VerifiedTokens.TOKENS_MAX).forEach(this::add);
        assertThat(isKnown(0)).isTrue();

        add(VerifiedTokens.TOKENS_MAX);

        assertThat(isKnown(1)).isFalse();
        assertThat(isKnown(0)).isTrue();
        assertThat(IntStream.rangeClosed(0, VerifiedTokens.TOKENS_MAX).filter(this::isKnown))
                .hasSize(VerifiedTokens.TOKENS_MAX);
    }

    @Test
    void anotherTokenIsNotKnownNorOneThatWasTakenBack() {
        add(1);
        assertThat(isKnown(2)).isFalse();

        tokens.remove(VerifiedTokens.hash("token 1"));

        assertThat(isKnown(1)).isFalse();
    }
}
