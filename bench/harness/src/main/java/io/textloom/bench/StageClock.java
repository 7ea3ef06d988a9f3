package io.textloom.bench;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.StageInfo;

/** Notes when Spark's stages start and end. */
public final class StageClock extends SparkListener {
    /** Spark tells listeners a little later than it happens. */
    private static final long LISTENER_DELAY_MILLIS = 300;

    private final List<Pass.Stage> stages = new ArrayList<>();

    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
        StageInfo info = completed.stageInfo();
        long submitted = longOf(info.submissionTime());
        long ended = longOf(info.completionTime());
        stages.add(new Pass.Stage(
                info.name(),
                info.numTasks(),
                (ended - submitted) / 1e3,
                info.taskMetrics().executorRunTime() / 1e3));
    }

    /** The stages since the last call. */
    public List<Pass.Stage> take() {
        try {
            Thread.sleep(LISTENER_DELAY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            List<Pass.Stage> taken = List.copyOf(stages);
            stages.clear();
            return taken;
        }
    }

    private static long longOf(scala.Option<Object> time) {
        return time.isDefined() ? (Long) time.get() : 0;
    }
}
