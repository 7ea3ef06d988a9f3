package io.textloom.bench.embed;

import io.textloom.bench.BenchText;
import io.textloom.bench.Json;
import io.textloom.bench.LocalSpark;
import io.textloom.bench.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Untimed: reads what the engines wrote and compares it. */
final class Compare {
    private static final String FIELD = "|";

    private Compare() {}

    /** How a peer is named on the command line. */
    static String peer(Contender contender, Path input, Path output) {
        return String.join(
                FIELD,
                contender.name(),
                input.toString(),
                output.toString(),
                "" + contender.batchSize(),
                "" + contender.window());
    }

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        int texts = BenchText.read(options.path("input")).size();
        try (SparkSession spark = LocalSpark.open("comparison", Map.of())) {
            Map<String, float[]> ours = new HashMap<>();
            read(spark, options.path("textloom"), ours);
            if (ours.size() != texts) {
                throw new IllegalStateException("Textloom wrote " + ours.size() + " vectors for " + texts + " texts");
            }
            List<Agreement> agreements = new ArrayList<>();
            for (String peer : options.all("peer")) {
                String[] fields = peer.split(Pattern.quote(FIELD));
                Map<String, float[]> theirs = new HashMap<>();
                List<List<String>> processed = read(spark, Path.of(fields[2]), theirs);
                agreements.add(Agreement.of(
                        fields[0],
                        Integer.parseInt(fields[3]),
                        Integer.parseInt(fields[4]),
                        BenchText.read(Path.of(fields[1])),
                        ours,
                        theirs,
                        processed));
            }
            Json.write(options.path("figures"), agreements.toArray(Agreement[]::new));
        }
    }

    /** The ids of each file in the order in which they stand there. */
    private static List<List<String>> read(SparkSession spark, Path directory, Map<String, float[]> vectors)
            throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(f -> f.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
        List<List<String>> ids = new ArrayList<>();
        for (Path file : files) {
            List<String> inFile = new ArrayList<>();
            for (Row row : spark.read()
                    .parquet(file.toString())
                    .select("id", "embedding")
                    .collectAsList()) {
                List<Float> values = row.getList(1);
                float[] vector = new float[values.size()];
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = values.get(i);
                }
                vectors.put(row.getString(0), vector);
                inFile.add(row.getString(0));
            }
            ids.add(inFile);
        }
        return ids;
    }
}
