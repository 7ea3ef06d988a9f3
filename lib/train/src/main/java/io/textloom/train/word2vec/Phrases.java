package io.textloom.train.word2vec;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import io.textloom.spark.train.TrainWord2VecOptions;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;

/** Finds neighbours that stand together more often than by chance. Source: Mikolov et al. 2013, Distributed Representations §4. */
final class Phrases {
    private static final String KEY = "key";
    private static final String COUNT = "count";
    private static final StructType SCHEMA =
            new StructType().add(KEY, DataTypes.LongType, false).add(COUNT, DataTypes.LongType, false);

    private Phrases() {}

    /**
     * One pass over the corpus.
     *
     * @param documents rows {@code (id, text, code)}
     * @return the units with the pairs that this pass joins, the most frequent first
     */
    static Units find(
            SparkSession spark,
            JavaRDD<InternalRow> documents,
            Units units,
            TrainWord2VecOptions options,
            LongAccumulator rowsDone) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<Units> shared = context.broadcast(units);
        Dataset<Row> counts = spark.createDataFrame(
                        documents.mapPartitions(new PairCountTask(shared, options, rowsDone)), SCHEMA)
                .groupBy(KEY)
                .agg(sum(COUNT).as(COUNT))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            long[] alone = new long[units.size()];
            long total = 0;
            Iterator<Row> single = counts.filter(
                            col(KEY).bitwiseAND(0xffffffffL).equalTo(0xffffffffL))
                    .toLocalIterator();
            while (single.hasNext()) {
                Row row = single.next();
                alone[PairTable.left(row.getLong(0))] = row.getLong(1);
                total += row.getLong(1);
            }
            Broadcast<long[]> sharedAlone = context.broadcast(alone);
            long words = total;
            List<Row> joined = counts.toJavaRDD()
                    .filter(row -> isPhrase(row.getLong(0), row.getLong(1), sharedAlone.value(), words, options))
                    .collect();
            sharedAlone.destroy();
            return units.with(joined.stream()
                    .sorted((a, b) -> a.getLong(1) != b.getLong(1)
                            ? Long.compare(b.getLong(1), a.getLong(1))
                            : Long.compare(a.getLong(0), b.getLong(0)))
                    .mapToLong(row -> row.getLong(0))
                    .toArray());
        } finally {
            counts.unpersist();
            shared.destroy();
        }
    }

    static boolean isPhrase(long pair, long count, long[] alone, long words, TrainWord2VecOptions options) {
        int right = PairTable.right(pair);
        if (right == PairCountTask.ALONE || count < options.minCount()) {
            return false;
        }
        double chance = (double) alone[PairTable.left(pair)] * alone[right] / words;
        return (count - options.minCount()) / chance > options.phraseThreshold();
    }
}
