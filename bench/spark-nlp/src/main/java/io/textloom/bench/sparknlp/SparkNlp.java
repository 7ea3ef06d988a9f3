package io.textloom.bench.sparknlp;

import com.johnsnowlabs.nlp.DocumentAssembler;
import com.johnsnowlabs.nlp.embeddings.E5Embeddings;
import io.textloom.bench.LocalSpark;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** How Spark NLP is driven. */
final class SparkNlp {
    static final String DOCUMENT = "document";
    static final String VECTORS = "vectors";

    private static final StructType TEXTS = new StructType().add("id", "string").add("text", "string");

    private SparkNlp() {}

    /**
     * How rows reach the model.
     *
     * @param batchSize setBatchSize; 0 leaves its default (8)
     * @param maxTokens setMaxSentenceLength; 0 leaves its default (128); unit: tokens
     * @param sorted whether each partition is sorted by the length of its texts
     * @param partitions tasks
     */
    record Tuning(int batchSize, int maxTokens, boolean sorted, int partitions) {}

    /** With the serializer that {@code SparkNLP.start()} sets. */
    static SparkSession open(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
        all.put("spark.kryoserializer.buffer.max", "2000M");
        return LocalSpark.open("Spark NLP", all);
    }

    static E5Embeddings load(Path saved) {
        return (E5Embeddings) E5Embeddings.load(saved.toString());
    }

    /** Texts in, Parquet with {@code id} and {@code embedding} out. */
    static void embed(SparkSession spark, E5Embeddings model, Path texts, Path output, Tuning tuning, int limit) {
        if (tuning.batchSize() > 0) {
            model.setBatchSize(tuning.batchSize());
        }
        if (tuning.maxTokens() > 0) {
            model.setMaxSentenceLength(tuning.maxTokens());
        }
        Dataset<Row> rows = spark.read().schema(TEXTS).json(texts.toString());
        rows = (limit > 0 ? rows.limit(limit) : rows).repartition(tuning.partitions());
        if (tuning.sorted()) {
            rows = rows.sortWithinPartitions(functions.length(functions.col("text")));
        }
        DocumentAssembler assembler = new DocumentAssembler();
        assembler.setInputCol("text");
        assembler.setOutputCol(DOCUMENT);
        PipelineModel pipeline =
                new Pipeline().setStages(new PipelineStage[] {assembler, model}).fit(rows.limit(0));
        pipeline.transform(rows)
                .selectExpr("id", VECTORS + ".embeddings[0] as embedding")
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(output.toString());
    }
}
