package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LengthsTest {
    @Test
    void figuresOfShortDocumentsAreExact() {
        LengthCounter counter = new LengthCounter();
        for (int length = 100; length >= 1; length--) {
            counter.add(length);
        }
        assertThat(counter.lengths().summary()).isEqualTo(new Lengths.Summary(100, 50, 90, 99, 100));
        assertThat(Lengths.NONE.summary()).isEqualTo(new Lengths.Summary(0, 0, 0, 0, 0));
    }

    @Property
    void anyBinIsLessThanHalfAPercentOff(@ForAll @IntRange(min = 0) int length) {
        int middle = Lengths.middle(Lengths.bin(length));
        assertThat((double) middle).isCloseTo(length, within(length < 1024 ? 0 : 0.004 * length));
    }

    @Property
    void cuttingTheDocumentsDifferentlyChangesNothing(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(max = 200_000) Integer> documents,
            @ForAll @IntRange(max = 200) int cut) {
        int[] lengths = documents.stream().mapToInt(i -> i).sorted().toArray();
        int at = Math.min(cut, lengths.length);
        Lengths together = count(documents).plus(Lengths.NONE);
        assertThat(count(documents.subList(0, at)).plus(count(documents.subList(at, documents.size()))))
                .isEqualTo(together);
        Lengths.Summary summary = together.summary();
        assertThat(summary.max()).isEqualTo(lengths[lengths.length - 1]);
        int p90 = lengths[(int) Math.ceil(0.9 * lengths.length) - 1];
        assertThat((double) summary.p90()).isCloseTo(p90, within(0.004 * p90));
    }

    private static Lengths count(List<Integer> documents) {
        LengthCounter counter = new LengthCounter();
        documents.forEach(counter::add);
        return counter.lengths();
    }
}
