package io.textloom.spark;

import io.textloom.spark.train.CurvePoint;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a training did.
 *
 * @param task what was trained: {@code tokenizer}, {@code word2vec} or {@code elmo}
 * @param counts what the task counts: words, tokens and the like
 * @param seconds phase → time
 * @param story what was done, in words, in order
 * @param curve how the training went; empty where nothing is trained by steps
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
        List<CurvePoint> curve,
        boolean errorRatioExceeded) {
    public TrainReport {
        curve = List.copyOf(curve);
    }
}
