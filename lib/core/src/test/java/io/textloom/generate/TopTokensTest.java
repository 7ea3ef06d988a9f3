package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TopTokensTest {
    @Test
    void givesTheLikeliestFirstAndEqualsById() {
        SplittableRandom random = new SplittableRandom(6);
        int n = 900;
        float[] logits = new float[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            logits[i] = random.nextInt(40) / 4f;
            sum += Math.exp(logits[i]);
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
        float[] given = logits.clone();
        for (int k : new int[] {1, 5, 20, 899}) {
            TopTokens top = new TopTokens(k, n);
            top.set(given);
            assertThat(top.size()).isEqualTo(k);
            for (int rank = 0; rank < k; rank++) {
                assertThat(top.id(rank)).isEqualTo(order[rank]);
                assertThat(top.logProbability(rank)).isCloseTo(logits[order[rank]] - Math.log(sum), within(1e-9));
            }
        }
        assertThat(given).isEqualTo(logits);
    }

    @Test
    void thereAreNoMoreThanTheVocabularyHas() {
        TopTokens top = new TopTokens(20, 2);
        top.set(new float[] {0, 0});
        assertThat(top.size()).isEqualTo(2);
        assertThat(top.id(0)).isZero();
        TopTokens none = new TopTokens(0, 2);
        none.set(new float[] {0, 0});
        assertThat(none.size()).isZero();
        assertThat(none.logProbability(0f)).isCloseTo(-Math.log(2), within(1e-12));
    }
}
