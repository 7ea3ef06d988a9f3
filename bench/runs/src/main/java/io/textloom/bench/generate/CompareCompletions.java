package io.textloom.bench.generate;

import io.textloom.bench.Json;
import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** In how many rows an engine's completion is the one of Textloom, for every {@code --peer name=directory}. */
final class CompareCompletions {
    private CompareCompletions() {}

    public static void main(String[] arguments) {
        Options options = Options.parse(arguments);
        SortedMap<String, Double> same = new TreeMap<>();
        try (SparkSession spark = LocalSpark.open("compare", Map.of())) {
            Dataset<Row> ours = read(spark, options.path("textloom")).selectExpr("id", "completion as ours");
            for (String peer : options.all("peer")) {
                int equals = peer.indexOf('=');
                Row shares = read(spark, Path.of(peer.substring(equals + 1)))
                        .join(ours, "id")
                        .selectExpr("avg(cast(completion = ours as double))")
                        .first();
                same.put(peer.substring(0, equals), shares.isNullAt(0) ? 0 : shares.getDouble(0));
            }
        }
        Json.write(options.path("figures"), same);
    }

    private static Dataset<Row> read(SparkSession spark, Path directory) {
        Path lines = directory.resolve("part-0.jsonl");
        return Files.exists(lines)
                ? spark.read().json(lines.toString())
                : spark.read().parquet(directory.toString());
    }
}
