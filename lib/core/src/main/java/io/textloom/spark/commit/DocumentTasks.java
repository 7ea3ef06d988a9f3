package io.textloom.spark.commit;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.TaskSize;
import io.textloom.spark.intake.TextSizes;
import io.textloom.spark.stage.Splitting;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.Tuple2;

/**
 * Runs one {@link PartitionTask} for every partition of the marked documents. Where some documents are large and the stage can do them in parts, their parts
 * are computed first, spread over all cores, and sent to the partition of their document; what that does is in decision 10.
 */
final class DocumentTasks {
    /** Parts are not durable before their documents are committed, so no more of them are computed at a time; unit: full tasks per core */
    private static final int TASKS_AT_A_TIME = 8;

    private final PartitionTask task;
    private final Optional<Splitting> splitting;
    private final TaskSize taskSize;
    private final int cores;
    private final SerializableConfiguration conf;
    private final LongAccumulator tokensDone;

    /** @param tokensDone for display */
    DocumentTasks(
            PartitionTask task,
            Optional<Splitting> splitting,
            TaskSize taskSize,
            int cores,
            SerializableConfiguration conf,
            LongAccumulator tokensDone) {
        this.task = task;
        this.splitting = splitting;
        this.taskSize = taskSize;
        this.cores = cores;
        this.conf = conf;
        this.tokensDone = tokensDone;
    }

    /** @param rows of {@link MarkedDocuments}, at least one partition */
    List<TaskReport> run(JavaRDD<InternalRow> rows, Documents documents) {
        if (splitting.isEmpty()) {
            return whole(rows, 0);
        }
        TextSizes sizes = measured(rows, documents);
        LargeDocuments large = LargeDocuments.of(sizes, documents.partitions());
        long bytes = sizes.bytesFrom(large.bytes());
        if (bytes == 0) {
            return whole(rows, 0);
        }
        int partitions = rows.getNumPartitions();
        long times = 1 + bytes / TASKS_AT_A_TIME / cores / taskSize.bytes();
        int step = (int) Math.max(1, partitions / times);
        List<TaskReport> reports = new ArrayList<>();
        for (int from = 0; from < partitions; from += step) {
            int to = Math.min(partitions, from + step);
            reports.addAll(inParts(pruned(rows, from, to), from, large, splitting.get()));
        }
        return reports;
    }

    /** The sizes are counted before the shuffle; a plan that is not adaptive has not come to it yet, and one row asked for brings it there. */
    private static TextSizes measured(JavaRDD<InternalRow> rows, Documents documents) {
        if (documents.sizes().isZero()) {
            FlatMapFunction<Iterator<InternalRow>, Boolean> any =
                    partition -> List.of(partition.hasNext()).iterator();
            pruned(rows, 0, 1).mapPartitions(any).collect();
        }
        return documents.sizes();
    }

    /** @param first number of the rows' first partition */
    private List<TaskReport> whole(JavaRDD<InternalRow> rows, int first) {
        PartitionTask each = task;
        return rows.mapPartitionsWithIndex(
                        (index, partition) -> each.call(first + index, partition, JoinedParts.none()), true)
                .collect();
    }

    private List<TaskReport> inParts(JavaRDD<InternalRow> rows, int first, LargeDocuments large, Splitting splitting) {
        // kept, so that texts are tokenized once although the parts are counted before they are spread
        JavaRDD<PartRow> cut = rows.mapPartitionsWithIndex(new CuttingTask(large, splitting, first, conf), true)
                .setName(JobRun.PARTS)
                .persist(StorageLevel.DISK_ONLY());
        try {
            FlatMapFunction<Iterator<PartRow>, int[]> tokens = DocumentTasks::tokens;
            PartPlan plan = PartPlan.of(cut.mapPartitions(tokens).collect(), taskSize, cores);
            if (plan.isEmpty()) {
                return whole(rows, first);
            }
            JavaPairRDD<PartKey, PartRow> results = spread(cut, first, plan)
                    .mapPartitions(new PartTask(splitting, conf, tokensDone))
                    .setName(JobRun.PARTS)
                    .mapToPair(row -> new Tuple2<>(row.key(), row))
                    .repartitionAndSortWithinPartitions(new PartKey.ToDocuments(first, rows.getNumPartitions()));
            PartitionTask each = task;
            SerializableConfiguration hadoop = conf;
            FlatMapFunction2<Iterator<InternalRow>, Iterator<Tuple2<PartKey, PartRow>>, TaskReport> join =
                    (partition, parts) -> each.call(
                            first + TaskContext.getPartitionId(),
                            partition,
                            JoinedParts.of(large, splitting, parts, hadoop.value()));
            return rows.zipPartitions(results, join).collect();
        } finally {
            cut.unpersist(false);
        }
    }

    private static Iterator<int[]> tokens(Iterator<PartRow> parts) {
        IntStream.Builder tokens = IntStream.builder();
        parts.forEachRemaining(part -> tokens.add(part.tokens()));
        return Collections.singleton(tokens.build().toArray()).iterator();
    }

    private static JavaPairRDD<Long, PartRow> spread(JavaRDD<PartRow> cut, int first, PartPlan plan) {
        PairFlatMapFunction<Iterator<PartRow>, Long, PartRow> keyed = parts -> new Iterator<>() {
            private int number;

            @Override
            public boolean hasNext() {
                return parts.hasNext();
            }

            @Override
            public Tuple2<Long, PartRow> next() {
                PartRow part = parts.next();
                return new Tuple2<>(plan.key(part.key().partition() - first, number++), part);
            }
        };
        return cut.mapPartitionsToPair(keyed).repartitionAndSortWithinPartitions(new PartPlan.ToTasks(plan.tasks()));
    }

    /** The partitions {@code [from .. to)}. */
    private static JavaRDD<InternalRow> pruned(JavaRDD<InternalRow> rows, int from, int to) {
        if (from == 0 && to == rows.getNumPartitions()) {
            return rows;
        }
        Function1<Object, Object> kept =
                (Function1<Object, Object> & Serializable) index -> (Integer) index >= from && (Integer) index < to;
        return JavaRDD.fromRDD(PartitionPruningRDD.create(rows.rdd(), kept), rows.classTag());
    }
}
