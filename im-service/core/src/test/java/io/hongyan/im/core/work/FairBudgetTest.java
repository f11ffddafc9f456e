package io.hongyan.im.core.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FairBudgetTest {
    private final FairBudget budget = new FairBudget(1_000);

    private int takeAll(String holder) {
        int taken = 0;
        while (budget.take(holder, 10)) {
            taken += 10;
        }
        return taken;
    }

    @Test
    void oneAloneGetsHalfAndTheNextHalfOfTheRest() {
        assertThat(takeAll("a")).isEqualTo(500);
        assertThat(takeAll("b")).isEqualTo(250);
        assertThat(takeAll("c")).isEqualTo(130);
        assertThat(takeAll("a")).isZero();
        assertThat(budget.held()).isEqualTo(880);
    }

    @Test
    void whatIsGivenBackIsForAll() {
        takeAll("a");
        takeAll("b");
        budget.giveBack("a", 500);
        assertThat(budget.held()).isEqualTo(250);
        assertThat(budget.take("c", 370)).isTrue();
        budget.giveBack("b", 250);
        budget.giveBack("c", 370);
        assertThat(budget.held()).isZero();
        assertThat(budget.take("d", 1_000)).isTrue();
    }

    @Test
    void nothingIsAlwaysToBeHad() {
        assertThat(budget.take("a", 1_000)).isTrue();
        assertThat(budget.take("a", 0)).isTrue();
        assertThat(budget.take("b", 1)).isFalse();
    }

    @Test
    void theFirstPieceIsHadHoweverFewThereAre() {
        FairBudget one = new FairBudget(1);
        assertThat(one.take("a", 1)).isTrue();
        assertThat(one.take("b", 1)).isFalse();
        one.giveBack("a", 1);
        assertThat(one.take("b", 1)).isTrue();
    }

    @Test
    void whatIsTakenInAnyCaseCountsForItsHolder() {
        takeAll("a");
        budget.takeSurely("a", 700);
        assertThat(budget.held()).isEqualTo(1_200);
        assertThat(budget.take("b", 1)).isFalse();
        budget.giveBack("a", 700);
        assertThat(takeAll("a")).isZero();
        assertThat(takeAll("b")).isEqualTo(250);
        budget.takeSurely("c", 0);
        assertThat(budget.held()).isEqualTo(750);
    }

    @Test
    void askingTakesNothing() {
        assertThat(budget.allows("a", 1_000)).isTrue();
        assertThat(budget.allows("a", 1_001)).isFalse();
        takeAll("a");
        assertThat(budget.allows("a", 1)).isFalse();
        assertThat(budget.allows("b", 500)).isTrue();
        assertThat(budget.held()).isEqualTo(500);
    }

    @Test
    void manyHoldersComeAndGoWithoutHarmToThoseWhoStay() {
        budget.take("stays", 100);
        for (int i = 0; i < 10_000; i++) {
            assertThat(budget.take("guest" + i, 500)).isTrue();
            budget.giveBack("guest" + i, 500);
        }
        assertThat(budget.held()).isEqualTo(100);
        assertThat(budget.take("stays", 801)).isFalse();
        assertThat(budget.take("stays", 800)).isTrue();
        budget.giveBack("stays", 900);
        assertThat(budget.held()).isZero();
    }
}
