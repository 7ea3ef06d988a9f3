package io.textloom.spark;

import io.textloom.spark.commit.FileTokens;
import io.textloom.spark.lineage.Provenance;
import io.textloom.token.Lengths;
import java.util.SortedMap;

/**
 * What a job did in this run.
 *
 * @param rowsIn input rows read
 * @param rowsOut output rows written, of all windows or samples
 * @param documentsOut input rows that ended in the output
 * @param rowsSkipped rows already done by an earlier run
 * @param duplicatesDropped rows dropped because an earlier row has their id
 * @param rowsDeleted ids whose rows left the output because the input has them no longer
 * @param paddedTokens tokens computed, padding included
 * @param usefulFlops floating-point operations spent on real tokens
 * @param totalRows input rows that the output accounts for, of this run and those before
 * @param totalRejected of these, rows in the error table
 * @param truncatedRows,droppedTokens of this run and of the tasks of a killed run that it took over
 * @param lengths of the documents before anything was cut, by tokenizer; of the same tasks
 * @param fileTokens of the output's files of rows
 * @param figures what the job says of all its output together: name → number; empty for none
 * @param errorRatioExceeded whether {@code totalRejected} is more of {@code totalRows} than allowed
 * @param provenance what computed, its times and what it cost
 */
public record JobReport(
        String job,
        String output,
        String model,
        String modelSha256,
        long rowsIn,
        long rowsOut,
        long documentsOut,
        long rowsRejected,
        SortedMap<String, Long> rejectedByCode,
        long rowsSkipped,
        long duplicatesDropped,
        long rowsDeleted,
        long tokens,
        long paddedTokens,
        long truncatedRows,
        long droppedTokens,
        double seconds,
        double modelSeconds,
        double usefulFlops,
        SortedMap<String, Lengths.Summary> lengths,
        FileTokens fileTokens,
        SortedMap<String, Double> figures,
        long totalRows,
        long totalRejected,
        boolean errorRatioExceeded,
        Provenance provenance) {
    public double tokensPerSecond() {
        return seconds > 0 ? tokens / seconds : 0;
    }

    /** Real tokens over computed tokens, 0 to 1. */
    public double paddingEfficiency() {
        return paddedTokens > 0 ? (double) tokens / paddedTokens : 1;
    }
}
