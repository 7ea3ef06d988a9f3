package io.textloom.spark;

import io.textloom.spark.commit.JobRun;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple4;
import scala.collection.JavaConverters;

/**
 * Turns Spark's events into {@link Progress}. Finished tasks count by their accumulators, running ones by their last heartbeat; for display only, since retries
 * may count twice. The total is what the last shuffle before the work wrote, so it is known as soon as the input was read once.
 */
public final class ProgressListener extends SparkListener {
    private final Progress progress;
    private final LongAccumulator rowsDone;
    private final LongAccumulator tokensDone;
    private final long start = System.nanoTime();
    private final Map<Long, long[]> running = new HashMap<>();
    private final TreeMap<Integer, Long> rowsByStage = new TreeMap<>();
    private final Set<Integer> stagesOfParts = new HashSet<>();
    private int workStage = Integer.MAX_VALUE;

    public ProgressListener(Progress progress, LongAccumulator rowsDone, LongAccumulator tokensDone) {
        this.progress = progress;
        this.rowsDone = rowsDone;
        this.tokensDone = tokensDone;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        if (submitted.stageInfo().rddInfos().exists(rdd -> rdd.name().equals(JobRun.PARTS))) {
            stagesOfParts.add(submitted.stageInfo().stageId());
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        running.remove(end.taskInfo().taskId());
        for (AccumulableInfo info :
                JavaConverters.seqAsJavaList(end.taskInfo().accumulables().toSeq())) {
            if (info.id() == rowsDone.id()) {
                workStage = Math.min(workStage, end.stageId());
            }
        }
        TaskMetrics metrics = end.taskMetrics();
        if (metrics != null && end.taskType().equals("ShuffleMapTask") && !stagesOfParts.contains(end.stageId())) {
            rowsByStage.merge(end.stageId(), metrics.shuffleWriteMetrics().recordsWritten(), Long::sum);
        }
        report();
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        for (Tuple4<Object, Object, Object, scala.collection.Seq<AccumulableInfo>> task :
                JavaConverters.seqAsJavaList(update.accumUpdates())) {
            long[] counts = new long[2];
            for (AccumulableInfo info : JavaConverters.seqAsJavaList(task._4())) {
                if (info.update().isDefined() && info.update().get() instanceof Long value) {
                    if (info.id() == rowsDone.id()) {
                        counts[0] = value;
                        workStage = value > 0 ? Math.min(workStage, (Integer) task._2()) : workStage;
                    } else if (info.id() == tokensDone.id()) {
                        counts[1] = value;
                    }
                }
            }
            running.put((Long) task._1(), counts);
        }
        report();
    }

    private void report() {
        long rows = rowsDone.value();
        long tokens = tokensDone.value();
        for (long[] counts : running.values()) {
            rows += counts[0];
            tokens += counts[1];
        }
        Map.Entry<Integer, Long> read = rowsByStage.lowerEntry(workStage);
        long total = read == null || rows == 0 ? -1 : Math.max(rows, read.getValue());
        progress.advanced(new Progress.Snapshot(rows, total, tokens, (System.nanoTime() - start) / 1e9));
    }
}
