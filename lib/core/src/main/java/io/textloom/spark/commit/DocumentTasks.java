package io.textloom.spark.commit;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.TaskSize;
import io.textloom.spark.intake.TextSizes;
import io.textloom.spark.quarantine.Quarantine;
import io.textloom.spark.quarantine.Trail;
import io.textloom.spark.stage.Splitting;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Share of a full task that a task of parts has at least, as a divisor */
    private static final int SMALLER_AT_MOST = 8;

    private final PartitionTask task;
    private final Optional<Splitting> splitting;
    private final TaskSize taskSize;
    private final int cores;
    private final SerializableConfiguration conf;
    private final LongAccumulator tokensDone;
    private final Quarantine quarantine;

    /** @param tokensDone for display */
    DocumentTasks(
            PartitionTask task,
            Optional<Splitting> splitting,
            TaskSize taskSize,
            int cores,
            SerializableConfiguration conf,
            LongAccumulator tokensDone,
            Quarantine quarantine) {
        this.task = task;
        this.splitting = splitting;
        this.taskSize = taskSize;
        this.cores = cores;
        this.conf = conf;
        this.tokensDone = tokensDone;
        this.quarantine = quarantine;
    }

    /** @param rows of {@link MarkedDocuments}, at least one partition */
    List<TaskReport> run(JavaRDD<InternalRow> rows, Documents documents) throws IOException {
        if (!mayCut()) {
            return whole(rows, 0);
        }
        TextSizes sizes = measured(rows, documents);
        LargeDocuments large = LargeDocuments.of(sizes, documents.partitions());
        long bytes = sizes.bytesFrom(large.bytes());
        if (bytes == 0) {
            return whole(rows, 0);
        }
        int partitions = rows.getNumPartitions();
        long turns = Math.min(partitions, 1 + bytes / TASKS_AT_A_TIME / cores / taskSize.bytes());
        int step = (int) ((partitions + turns - 1) / turns);
        TaskSize size = likeTheOthers((sizes.bytes() - bytes) / partitions);
        List<TaskReport> reports = new ArrayList<>();
        for (int from = 0; from < partitions; from += step) {
            int to = Math.min(partitions, from + step);
            reports.addAll(inParts(pruned(rows, from, to), from, large, splitting.orElseThrow(), size));
        }
        return reports;
    }

    /** Whether large documents, if there are some, are done in parts. */
    boolean mayCut() {
        return splitting.isPresent() && quarantine.mayCut();
    }

    /**
     * The partitions that are left over when processes died; all their documents are done whole.
     *
     * @param numbers of the partitions, ascending
     */
    List<TaskReport> again(JavaRDD<InternalRow> rows, int[] numbers) {
        Function1<Object, Object> left =
                (Function1<Object, Object> & Serializable) index -> Arrays.binarySearch(numbers, (Integer) index) >= 0;
        return whole(pruned(rows, left), numbers, quarantine.trail().again());
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
        int[] numbers = IntStream.range(first, first + rows.getNumPartitions()).toArray();
        return whole(rows, numbers, quarantine.trail());
    }

    /** @param numbers of the rows' partitions */
    private List<TaskReport> whole(JavaRDD<InternalRow> rows, int[] numbers, Trail trail) {
        PartitionTask each = task;
        return rows.mapPartitionsWithIndex(
                        (index, partition) -> each.call(numbers[index], partition, JoinedParts.none(), trail), true)
                .collect();
    }

    /** Tasks of parts as large as those of whole documents, unless these are so small that nobody waits for them. @param bytes of whole documents per task */
    private TaskSize likeTheOthers(long bytes) {
        long least = Math.max(1, taskSize.bytes() / SMALLER_AT_MOST);
        return new TaskSize(Math.min(taskSize.bytes(), Math.max(least, bytes)), taskSize.everyCore());
    }

    /** @param size of a task that computes parts */
    private List<TaskReport> inParts(
            JavaRDD<InternalRow> rows, int first, LargeDocuments large, Splitting splitting, TaskSize size)
            throws IOException {
        // kept, so that texts are tokenized once although the parts are counted before they are spread
        JavaRDD<PartRow> cut = rows.mapPartitionsWithIndex(new CuttingTask(large, splitting, first, conf), true)
                .setName(JobRun.PARTS)
                .persist(StorageLevel.DISK_ONLY());
        try (Quarantine.Parts underWay = quarantine.parts()) {
            FlatMapFunction<Iterator<PartRow>, int[]> tokens = DocumentTasks::tokens;
            PartPlan plan = PartPlan.of(cut.mapPartitions(tokens).collect(), size, cores);
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
            Trail trail = quarantine.trail();
            FlatMapFunction2<Iterator<InternalRow>, Iterator<Tuple2<PartKey, PartRow>>, TaskReport> join =
                    (partition, parts) -> each.call(
                            first + TaskContext.getPartitionId(),
                            partition,
                            JoinedParts.of(large, splitting, parts, hadoop.value()),
                            trail);
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
        return pruned(rows, kept);
    }

    private static JavaRDD<InternalRow> pruned(JavaRDD<InternalRow> rows, Function1<Object, Object> kept) {
        return JavaRDD.fromRDD(PartitionPruningRDD.create(rows.rdd(), kept), rows.classTag());
    }
}
