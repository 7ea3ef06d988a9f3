package io.textloom.bench.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BareLoopTest {
    private static final int BUDGET = 64;

    @Test
    void everyRowIsInOneBatchWithinTheBudget() {
        List<int[]> rows = rows(200, 100);
        List<TokenBatch> batches = BareLoop.plan(rows, BUDGET);
        assertThat(batches.stream().mapToInt(TokenBatch::size).sum()).isEqualTo(rows.size());
        assertThat(batches.stream().mapToInt(TokenBatch::totalTokens).sum())
                .isEqualTo(rows.stream().mapToInt(row -> row.length).sum());
        assertThat(batches).allMatch(b -> b.size() == 1 || b.size() * b.maxLength() <= BUDGET);
    }

    @Test
    void rowsOfABatchAreOfLikeLength() {
        List<TokenBatch> batches = BareLoop.plan(rows(2000, 16), BUDGET);
        long real = batches.stream().mapToLong(TokenBatch::totalTokens).sum();
        long padded =
                batches.stream().mapToLong(b -> (long) b.size() * b.maxLength()).sum();
        assertThat((double) real / padded).isGreaterThan(0.95);
    }

    private static List<int[]> rows(int count, int longest) {
        Random random = new Random(1);
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new int[1 + random.nextInt(longest)]);
        }
        return rows;
    }
}
