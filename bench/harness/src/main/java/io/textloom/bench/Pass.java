package io.textloom.bench;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One timed pass over the texts.
 *
 * @param name {@link #COLD} or {@link #WARM}
 * @param cpuSeconds of this process, all threads; unit: s
 * @param otherCpuSeconds CPU time that other processes took meanwhile: the noise; unit: s
 * @param stages Spark stages in the order they ended
 * @param details what only this engine tells, name → value
 */
public record Pass(
        String name,
        double wallSeconds,
        double cpuSeconds,
        double otherCpuSeconds,
        List<Stage> stages,
        SortedMap<String, Double> details) {
    /** First in its JVM: loads the model, code not yet compiled. */
    public static final String COLD = "cold";

    /** The same work again in the same JVM. */
    public static final String WARM = "warm";

    /** A Spark stage: its wall time, and the run time of its tasks added up. */
    public record Stage(String name, int tasks, double wallSeconds, double taskSeconds) {}

    /** Runs and times; {@code work} returns the details. */
    public static Pass time(
            String name, StageClock clock, java.util.function.Supplier<SortedMap<String, Double>> work) {
        clock.take();
        Usage start = Usage.now();
        SortedMap<String, Double> details = work.get();
        Usage end = Usage.now();
        return new Pass(
                name,
                end.wallSince(start),
                end.cpuSince(start),
                end.otherCpuSince(start),
                clock.take(),
                new TreeMap<>(details));
    }
}
