package io.textloom.spark;

import java.util.Map;
import java.util.SortedMap;

/**
 * What a training did.
 *
 * @param task what was trained: {@code tokenizer}
 * @param counts what the task counts: words, tokens and the like
 * @param seconds phase → time
 * @param story what was done, in words, in order
 * @param errorRatioExceeded whether {@code rowsRejected} is more of {@code rowsIn} than allowed
 */
public record TrainReport(
        String task,
        String output,
        long rowsIn,
        long rowsRejected,
        SortedMap<String, Long> rejectedByCode,
        SortedMap<String, Long> counts,
        SortedMap<String, Double> seconds,
        Map<String, String> story,
        boolean errorRatioExceeded) {}
