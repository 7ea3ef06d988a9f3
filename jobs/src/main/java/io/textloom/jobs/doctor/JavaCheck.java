package io.textloom.jobs.doctor;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Java's version, heap and cores, and the memory of the machine or container. */
public final class JavaCheck implements Check {
    private static final int OLDEST = 17;
    /** The newest that Spark 3.5 is tested with. */
    private static final int NEWEST = 17;

    private static final long GIB = 1L << 30;

    private final int feature;
    private final String version;
    private final long heap;
    private final long memory;
    private final int cores;

    JavaCheck(int feature, String version, long heap, long memory, int cores) {
        this.feature = feature;
        this.version = version;
        this.heap = heap;
        this.memory = memory;
        this.cores = cores;
    }

    /** Of this process. */
    public static JavaCheck ofProcess() {
        long memory =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                        ? os.getTotalMemorySize()
                        : 0;
        return new JavaCheck(
                Runtime.version().feature(),
                Runtime.version() + " of " + System.getProperty("java.vendor", "an unknown vendor"),
                Runtime.getRuntime().maxMemory(),
                memory,
                Runtime.getRuntime().availableProcessors());
    }

    @Override
    public String part() {
        return "java";
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        if (feature < OLDEST) {
            findings.add(Finding.failed(
                    "version", version, "Java " + OLDEST, "install a JDK " + OLDEST + " and set JAVA_HOME to it"));
        } else {
            findings.add(Finding.unless(
                    feature <= NEWEST,
                    "version",
                    version,
                    "Java " + NEWEST + ", which Spark 3.5 is tested with",
                    "set JAVA_HOME to a JDK " + NEWEST + " if Spark fails in odd ways"));
        }
        findings.add(Finding.unless(
                heap >= GIB,
                "heap",
                gib(heap),
                "1 GiB or more for the driver",
                "set TEXTLOOM_HEAP=2g, or spark-submit --driver-memory"));
        boolean room = memory == 0 || memory - heap >= memory / 4;
        findings.add(Finding.unless(
                room,
                "memory of machine or container",
                gib(memory) + ", of it " + gib(heap) + " for the heap",
                "a quarter or more outside of the heap: models live there",
                "lower TEXTLOOM_HEAP or --driver-memory, or give the container more"));
        findings.add(Finding.ok("cores", String.valueOf(cores)));
        return findings;
    }

    static String gib(long bytes) {
        return String.format(java.util.Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
}
