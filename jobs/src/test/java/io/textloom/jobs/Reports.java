package io.textloom.jobs;

import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.commit.FileTokens;
import io.textloom.spark.lineage.Cost;
import io.textloom.spark.lineage.Provenance;
import io.textloom.token.Lengths;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reports with easy numbers. */
final class Reports {
    private Reports() {}

    static JobReport embed(boolean errorRatioExceeded) {
        return new JobReport(
                "embed",
                "out/embeddings",
                "all-MiniLM-L6-v2",
                "0123456789abcdef",
                1200,
                1210,
                1197,
                3,
                new TreeMap<>(Map.of("EMPTY_TEXT", 2L, "MALFORMED", 1L)),
                0,
                0,
                0,
                40_000,
                50_000,
                4,
                17,
                8,
                6.5,
                1.6e12,
                new TreeMap<>(Map.of("all-MiniLM-L6-v2", new Lengths.Summary(1197, 30, 60, 90, 300))),
                new FileTokens(2, 19_000, 19_000, 21_000),
                new TreeMap<>(),
                1200,
                3,
                errorRatioExceeded,
                new Provenance(
                        "all-MiniLM-L6-v2",
                        new TreeMap<>(),
                        List.of(new Provenance.Device("Some CPU, 8 cores", 2)),
                        "",
                        new TreeMap<>(Map.of("plan", 1.0, "compute", 6.0, "commit", 1.0)),
                        new Cost(0.25, "EUR", 0.5)));
    }

    static TrainReport tokenizer(boolean errorRatioExceeded) {
        return new TrainReport(
                "tokenizer",
                "out/tokenizer",
                1200,
                30,
                new TreeMap<>(Map.of("EMPTY_TEXT", 30L)),
                new TreeMap<>(Map.of("rowsIn", 1200L, "rowsRejected", 30L, "tokens", 8000L)),
                new TreeMap<>(Map.of("count", 2.0, "merge", 1.5, "write", 0.25)),
                Map.of("trained", "a WordPiece vocabulary of 8,000 tokens"),
                List.of(),
                errorRatioExceeded);
    }
}
