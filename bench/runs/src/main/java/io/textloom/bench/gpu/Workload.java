package io.textloom.bench.gpu;

import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Texts of made-up tokens in batches, as the embed job would pack them: sorted by length, each batch padded to its longest. */
enum Workload {
    TOKENS_128("128", 128, 128),
    TOKENS_256("256", 256, 256),
    TOKENS_512("512", 512, 512),
    /** 5 to 256 tokens, skewed short. */
    RAGGED("ragged", 5, 256);

    private static final int RAGGED_TEXTS = 4096;

    private final String title;
    private final int shortest;
    private final int longest;

    Workload(String title, int shortest, int longest) {
        this.title = title;
        this.shortest = shortest;
        this.longest = longest;
    }

    String title() {
        return title;
    }

    /**
     * @param budget padded size of one batch; unit: tokens
     */
    List<TokenBatch> batches(int budget, int vocabulary) {
        Random random = new Random(9);
        int texts = shortest == longest ? Math.max(1, budget / longest) : RAGGED_TEXTS;
        int[] lengths = new int[texts];
        for (int i = 0; i < texts; i++) {
            double skewed = Math.pow(random.nextDouble(), 3);
            lengths[i] = shortest + (int) Math.round(skewed * (longest - shortest));
        }
        Arrays.sort(lengths);
        List<TokenBatch> batches = new ArrayList<>();
        List<int[]> rows = new ArrayList<>();
        for (int length : lengths) {
            if (!rows.isEmpty() && (rows.size() + 1) * length > budget) {
                batches.add(TokenBatch.of(rows));
                rows.clear();
            }
            rows.add(random.ints(length, 0, vocabulary).toArray());
        }
        batches.add(TokenBatch.of(rows));
        return batches;
    }
}
