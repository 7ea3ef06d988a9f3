package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchPlannerTest {
    @Property
    void everyRowIsInOneBatchWithinTheBudget(
            @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 512) Integer> rows,
            @ForAll @IntRange(min = 1, max = 2048) int budget) {
        int[] lengths = rows.stream().mapToInt(i -> i).toArray();
        List<int[]> batches = BatchPlanner.plan(lengths, new TokenBudget(budget));
        assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
                .isEqualTo(IntStream.range(0, lengths.length).toArray());
        int shortest = Integer.MAX_VALUE;
        for (int[] batch : batches) {
            int longest = Arrays.stream(batch).map(r -> lengths[r]).max().orElseThrow();
            assertThat(batch.length == 1 || batch.length * longest <= budget).isTrue();
            assertThat(longest).as("sorted").isLessThanOrEqualTo(shortest);
            shortest = Arrays.stream(batch).map(r -> lengths[r]).min().orElseThrow();
        }
    }

    @Test
    void equalLengthsKeepTheirOrder() {
        assertThat(BatchPlanner.plan(new int[] {3, 5, 3, 5, 3}, new TokenBudget(10)))
                .containsExactly(new int[] {1, 3}, new int[] {0, 2, 4});
    }

    @Test
    void rowsWithoutATokenAreInABatchToo() {
        assertThat(BatchPlanner.plan(new int[] {0, 8, 0}, new TokenBudget(8)))
                .containsExactly(new int[] {1}, new int[] {0, 2});
    }

    @Test
    void noRowsGiveNoBatches() {
        assertThat(BatchPlanner.plan(new int[0], new TokenBudget(1))).isEmpty();
    }
}
