package io.textloom.bench.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.textloom.bench.BenchText;
import io.textloom.bench.side.Spread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementTest {
    @Test
    void everyBatchIsPaddedToItsLongest() {
        assertThat(Agreement.padded(new int[] {3, 5, 4, 10, 1}, 2)).isEqualTo(2 * 5 + 2 * 10 + 1);
        assertThat(Agreement.padded(new int[] {3, 5, 4}, 1)).isEqualTo(12);
    }

    @Test
    void textsThatThePeerCutsAreJudgedApart() {
        List<BenchText> texts = List.of(new BenchText("a", "…", 4), new BenchText("b", "…", 20));
        Map<String, float[]> ours = Map.of("a", new float[] {1, 0}, "b", new float[] {1, 0});
        Map<String, float[]> theirs = Map.of("a", new float[] {2, 0}, "b", new float[] {0, 1});
        Agreement agreement = Agreement.of("peer", 2, 8, texts, ours, theirs, List.of(List.of("a", "b")));
        assertThat(agreement.texts()).isEqualTo(1);
        assertThat(agreement.same()).isEqualTo(1);
        assertThat(agreement.minCosine()).isCloseTo(1, within(1e-9));
        assertThat(agreement.cutTexts()).isEqualTo(1);
        assertThat(agreement.cutMinCosine()).isCloseTo(0, within(1e-9));
        assertThat(agreement.paddedTokens()).isEqualTo(16);
        assertThat(agreement.paddingEfficiency()).isCloseTo(12.0 / 16, within(1e-9));
    }

    @Test
    void aPeerThatCountsItsOwnPaddingHasNoneHere() {
        List<BenchText> texts = List.of(new BenchText("a", "…", 4));
        Map<String, float[]> vectors = Map.of("a", new float[] {1, 0});
        Agreement agreement = Agreement.of("peer", 0, 8, texts, vectors, vectors, List.of(List.of("a")));
        assertThat(agreement.meanCosine()).isCloseTo(1, within(1e-9));
        assertThat(agreement.paddedTokens()).isZero();
        assertThat(agreement.paddingEfficiency()).isZero();
    }

    @Test
    void spreadHasMedianAndRange() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0)).show("%.0f")).isEqualTo("2 (1–3)");
        assertThat(Spread.of(List.of(4.0, 1.0)).median()).isEqualTo(2.5);
        assertThat(Spread.of(List.of(5.0)).show("%.1f")).isEqualTo("5.0");
    }
}
