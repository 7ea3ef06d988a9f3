package io.textloom.train.heads;

import io.textloom.model.TrainedHeads;
import io.textloom.spark.train.TrainHeadsOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;

/**
 * The same nets trained by tasks of Spark: each takes some steps with its own copy, then parameters and what Adam keeps are averaged, and so on. With several heads an epoch has a few rounds in which each head is trained for a while.
 */
final class Dl4jAveraging extends Dl4jTrainer {
    /** Of an epoch with several heads. */
    private static final int ROUNDS = 8;

    private final TrainHeadsOptions options;
    private final JavaSparkContext spark;
    private final String directory;
    private final Dl4jBatchLoader loader;

    /** @param directory with the examples of each head, where executors reach it */
    Dl4jAveraging(
            TrainedHeads heads,
            List<HeadPlan> plans,
            TrainHeadsOptions options,
            Examples examples,
            SparkSession session,
            Path directory) {
        super(heads, plans, options.rate(), options.seed(), examples);
        requireJavaSerializer(session.sparkContext().conf());
        this.options = options;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.directory = directory.toString();
        this.loader = new Dl4jBatchLoader(
                plans,
                heads.dimensions(),
                this.directory,
                session.sparkContext().hadoopConfiguration());
    }

    private static void requireJavaSerializer(SparkConf conf) {
        String serializer = conf.get("spark.serializer", "");
        if (serializer.contains("Kryo")) {
            throw new IllegalArgumentException("spark.serializer is " + serializer
                    + ", which loses Deeplearning4j's arrays; leave it out, or set train.workers=0");
        }
    }

    @Override
    public void fit(List<BatchPlace> steps, long seed, double[] losses) {
        Draws draws = new Draws(seed);
        int rounds = plans.size() == 1 ? 1 : ROUNDS;
        for (int round = 0; round < rounds; round++) {
            for (int head = 0; head < plans.size(); head++) {
                List<String> paths = new ArrayList<>();
                int number = 0;
                for (BatchPlace step : steps) {
                    if (step.head() == head && number++ % rounds == round) {
                        paths.add(Dl4jBatchLoader.path(directory, step));
                    }
                }
                if (!paths.isEmpty()) {
                    losses[head] += paths.size() * round(head, paths, draws.next());
                }
            }
        }
    }

    /** @return the loss of the workers' last steps, about */
    private double round(int head, List<String> paths, long seed) {
        Dl4jNet net = turn(head);
        ParameterAveragingTrainingMaster master = new ParameterAveragingTrainingMaster.Builder(
                        options.workers(), options.batchRows())
                .batchSizePerWorker(options.batchRows())
                .averagingFrequency(options.averageEvery())
                .workerPrefetchNumBatches(0)
                .rngSeed(seed)
                .build();
        SparkComputationGraph distributed = new SparkComputationGraph(spark, net.graph(), master);
        JavaRDD<String> rdd = spark.parallelize(paths, options.workers());
        net.take(distributed.fitPaths(rdd, loader));
        return distributed.getScore();
    }
}
