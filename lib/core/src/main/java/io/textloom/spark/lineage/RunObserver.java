package io.textloom.spark.lineage;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.status.api.v1.ExecutorSummary;

/** Notes on the driver what a run uses: its phases' times and the executors it holds. One for each run. */
public final class RunObserver {
    /** Phase: the input is read and shuffled, and what is done is left out. */
    public static final String PLAN = "plan";

    public static final String COMPUTE = "compute";
    public static final String COMMIT = "commit";

    private static final String DRIVER = "driver";

    private final SparkSession spark;
    private final PriceOptions prices;
    private final String model;
    private final SortedMap<String, String> versions;
    private final String seed;
    private final long startMillis = System.currentTimeMillis();
    private final TreeMap<String, Long> phaseNanos = new TreeMap<>();
    private String phase = PLAN;
    private long phaseStart = System.nanoTime();

    /** @param seed empty where nothing is drawn at random */
    public RunObserver(
            SparkSession spark, PriceOptions prices, String model, SortedMap<String, String> versions, String seed) {
        this.spark = spark;
        this.prices = prices;
        this.model = model;
        this.versions = versions;
        this.seed = seed;
    }

    /** Without prices. */
    public static RunObserver of(SparkSession spark, String model, SortedMap<String, String> versions) {
        return new RunObserver(spark, PriceOptions.NONE, model, versions, "");
    }

    /** Ends the phase before, which begins again if it is named again. */
    public void phase(String next) {
        long now = System.nanoTime();
        phaseNanos.merge(phase, now - phaseStart, Long::sum);
        phase = next;
        phaseStart = now;
    }

    /**
     * What is known now.
     *
     * @param devices what computed by where it is, as {@link Machine#ofTask} says it
     * @param tokens computed
     */
    public Provenance provenance(Map<String, String> devices, long tokens) {
        phase(phase);
        SortedMap<String, Double> seconds = new TreeMap<>();
        phaseNanos.forEach((name, nanos) -> seconds.put(name, nanos / 1e9));
        return new Provenance(
                model,
                versions,
                Machine.sorts(devices),
                seed,
                seconds,
                Cost.of(prices, coreSeconds(), tokens).orElse(null));
    }

    /**
     * What is known of a run whose process died and whose tasks count all the same. Which versions it was of, and how long it held its executors, nobody knows any more.
     *
     * @param devices what computed by where it is
     * @param tokens computed
     */
    public Provenance ofDead(Map<String, String> devices, long tokens) {
        return new Provenance(
                "",
                new TreeMap<>(),
                Machine.sorts(devices),
                seed,
                new TreeMap<>(),
                Cost.of(prices.ofTokens(), 0, tokens).orElse(null));
    }

    /** Cores times seconds of all executors since the run began, those that are gone too. The driver counts where it is the one executor. */
    private double coreSeconds() {
        long now = System.currentTimeMillis();
        double seconds = 0;
        double alone = 0;
        scala.collection.Iterator<ExecutorSummary> executors =
                spark.sparkContext().statusStore().executorList(false).iterator();
        while (executors.hasNext()) {
            ExecutorSummary executor = executors.next();
            long from = Math.max(startMillis, executor.addTime().getTime());
            long to = executor.removeTime().isDefined()
                    ? executor.removeTime().get().getTime()
                    : now;
            double held = Math.max(0, to - from) / 1e3 * executor.totalCores();
            if (executor.id().equals(DRIVER)) {
                alone = held;
            } else {
                seconds += held;
            }
        }
        return spark.sparkContext().isLocal() ? alone : seconds;
    }
}
