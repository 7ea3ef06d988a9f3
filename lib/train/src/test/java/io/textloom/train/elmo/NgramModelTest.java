package io.textloom.train.elmo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NgramModelTest {
    /**
     * By hand, of pairs in {@code 0 1 2 1 2} and {@code 0 2 1}, over four ids. Pairs: 01 once, 12 twice, 21 twice, 02 once: n1 = 2, n2 = 2, so that the discount is 2 / (2 + 4) = 1/3. Single tokens are counted after how many different
     * tokens they stand: 1 after 0 and 2, 2 after 1 and 0: n1 = 0, where the discount is 1/2.
     *
     * <p>P(1) = (2 - 1/2 + 1/2 * 2 * 1/4) / 4 = 7/16; P(3) = (1/2 * 2 * 1/4) / 4 = 1/16. P(1 after 2) = (2 - 1/3 + 1/3 * 1 * 7/16) / 2 = 29/32; P(3 after 2) = 1/3 * 1/16 / 2 = 1/96. After 3, which was never seen, P(1) = 7/16.
     */
    @Test
    void equalsTheProbabilitiesWorkedOutByHand() {
        NgramModel model = new NgramModel(2, 4);
        model.add(new int[] {0, 1, 2, 1, 2});
        model.add(new int[] {0, 2, 1});
        assertThat(model.probability(new int[] {2, 1}, 1)).isCloseTo(29.0 / 32, within(1e-12));
        assertThat(model.probability(new int[] {2, 3}, 1)).isCloseTo(1.0 / 96, within(1e-12));
        assertThat(model.probability(new int[] {3, 1}, 1)).isCloseTo(7.0 / 16, within(1e-12));
        assertThat(model.loss(new int[] {2, 1, 3}).sum())
                .isCloseTo(-Math.log(29.0 / 32) - Math.log((1.0 / 3) * (1.0 / 16) / 2), within(1e-12));
    }

    @Test
    void probabilitiesOfAllTokensSumToOne() {
        Random random = new Random(3);
        NgramModel model = new NgramModel(5, 7);
        for (int i = 0; i < 60; i++) {
            model.add(document(random));
        }
        for (int i = 0; i < 40; i++) {
            int[] document = document(random);
            int place = 1 + random.nextInt(document.length - 1);
            double sum = 0;
            for (int token = 0; token < 7; token++) {
                document[place] = token;
                sum += model.probability(document, place);
            }
            assertThat(sum).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void longerSequencesForetellBetter() {
        int[] document = new int[400];
        for (int i = 0; i < document.length; i++) {
            document[i] = "0102013".charAt(i % 7) - '0';
        }
        NgramModel pairs = new NgramModel(2, 4);
        NgramModel fives = new NgramModel(5, 4);
        pairs.add(document);
        fives.add(document);
        assertThat(fives.loss(document).mean()).isLessThan(pairs.loss(document).mean() / 3);
    }

    private static int[] document(Random random) {
        int[] document = new int[2 + random.nextInt(12)];
        for (int i = 0; i < document.length; i++) {
            document[i] = random.nextInt(1 + random.nextInt(7));
        }
        return document;
    }
}
