package io.textloom.bench.words;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.feature.Word2Vec;
import org.apache.spark.mllib.feature.Word2VecModel;
import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;

/**
 * Spark MLlib's Word2Vec on a file of words, a paragraph a line, at the settings that the trainings beside it have: {@code MllibWord2Vec WORDS OUT SEED PARTITIONS}. It has hierarchical softmax
 * instead of negative sampling, and does not thin out frequent words. Writes the text format of word2vec.
 */
public final class MllibWord2Vec {
    private static final int EPOCHS = 5;
    private static final int DIMENSIONS = 100;

    private MllibWord2Vec() {}

    public static void main(String[] args) throws IOException {
        int partitions = Integer.parseInt(args[3]);
        try (SparkSession spark = SparkSession.builder()
                .master("local[" + partitions + "]")
                .appName("mllib-word2vec")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()) {
            spark.sparkContext().setLogLevel("ERROR");
            JavaRDD<List<String>> sentences = JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .textFile(args[0], partitions)
                    .map(line -> Arrays.asList(line.split(" ")))
                    .cache();
            long words = sentences.map(List::size).reduce(Integer::sum);
            long start = System.nanoTime();
            long cpu = cpuNanos();
            Word2VecModel model = new Word2Vec()
                    .setVectorSize(DIMENSIONS)
                    .setWindowSize(5)
                    .setMinCount(5)
                    .setNumIterations(EPOCHS)
                    .setLearningRate(0.025)
                    .setNumPartitions(partitions)
                    .setSeed(Long.parseLong(args[2]))
                    .fit(sentences);
            System.out.printf(
                    Locale.ROOT,
                    "MLlib seed %s: %,.0f words/s, %,.0f words per CPU second%n",
                    args[2],
                    words * EPOCHS / ((System.nanoTime() - start) / 1e9),
                    words * EPOCHS / ((cpuNanos() - cpu) / 1e9));
            write(JavaConverters.mapAsJavaMap(model.getVectors()), Path.of(args[1]));
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void write(Map<String, float[]> vectors, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(vectors.size() + " " + DIMENSIONS + "\n");
            for (Map.Entry<String, float[]> word : vectors.entrySet()) {
                out.write(word.getKey());
                for (float value : word.getValue()) {
                    out.write(" " + value);
                }
                out.write("\n");
            }
        }
    }
}
