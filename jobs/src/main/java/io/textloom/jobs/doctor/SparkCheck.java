package io.textloom.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spark's version and the settings of it that matter to a job with native models. */
public final class SparkCheck implements Check {
    private static final String BUILT_FOR = "3.5.";
    private static final Pattern SIZE = Pattern.compile("(\\d+)([kmgt]?)b?", Pattern.CASE_INSENSITIVE);
    /** Spark's own, where nothing is set. */
    private static final double OVERHEAD_FACTOR = 0.1;

    private static final long LEAST_OVERHEAD = 384L << 20;

    private final String version;
    private final String master;
    private final Map<String, String> conf;
    private final long modelBytes;

    /**
     * @param conf all of Spark's properties
     * @param modelBytes of the weights in float32; 0 without a model
     */
    public SparkCheck(String version, String master, Map<String, String> conf, long modelBytes) {
        this.version = version;
        this.master = master;
        this.conf = new TreeMap<>(conf);
        this.modelBytes = modelBytes;
    }

    @Override
    public String part() {
        return "spark";
    }

    @Override
    public List<Finding> look() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.unless(
                version.startsWith(BUILT_FOR),
                "version",
                version,
                BUILT_FOR + "x",
                "run on Spark 3.5; others are not tested"));
        findings.add(Finding.ok("master", master + ", deploy mode " + get("spark.submit.deployMode", "client")));
        if (!master.startsWith("local")) {
            executors(findings);
        }
        boolean speculation = get("spark.speculation", "false").equals("true");
        findings.add(Finding.unless(
                !speculation,
                "speculation",
                speculation ? "on" : "off",
                "off: results stay right, but slow rows are computed twice",
                "set spark.speculation=false, unless some machines are much slower"));
        int failures = Integer.parseInt(get("spark.task.maxFailures", "4"));
        findings.add(Finding.unless(
                master.startsWith("local") || failures >= 4,
                "failures of a task before the run ends",
                String.valueOf(failures),
                "4 or more",
                "set spark.task.maxFailures=4"));
        findings.add(Finding.ok(
                "dynamic allocation",
                get("spark.dynamicAllocation.enabled", "false").equals("true") ? "on" : "off"));
        findings.add(Finding.ok("adaptive queries", get("spark.sql.adaptive.enabled", "true")));
        findings.add(Finding.ok(
                "serializer",
                get("spark.serializer", "org.apache.spark.serializer.JavaSerializer")
                        .replaceAll(".*\\.", "")));
        return findings;
    }

    private void executors(List<Finding> findings) throws InterruptedException {
        String memory = get("spark.executor.memory", "1g");
        long heap = bytes(memory);
        long overhead = overhead(heap);
        findings.add(Finding.ok(
                "executors",
                get("spark.executor.instances", "as the cluster gives") + ", each " + get("spark.executor.cores", "all")
                        + " cores, heap " + memory + ", overhead " + JavaCheck.gib(overhead)));
        if (modelBytes > 0) {
            long needed = modelBytes + modelBytes / 4 + LEAST_OVERHEAD;
            findings.add(Finding.unless(
                    overhead >= needed,
                    "memory overhead of executors",
                    JavaCheck.gib(overhead),
                    JavaCheck.gib(needed) + " or more: the model lives outside of the heap",
                    "set spark.executor.memoryOverhead=" + (needed / (1 << 20) + 1) + "m"));
        }
        String cpus = get("spark.task.cpus", "1");
        findings.add(Finding.unless(
                cpus.equals("1"), "cores per task", cpus, "1: a task computes in one thread", "set spark.task.cpus=1"));
        boolean gpus = Double.parseDouble(get("spark.executor.resource.gpu.amount", "0")) > 0;
        if (gpus) {
            findings.add(
                    Finding.unless(
                            Double.parseDouble(get("spark.task.resource.gpu.amount", "0")) > 0,
                            "GPUs of tasks",
                            "none, though executors have " + get("spark.executor.resource.gpu.amount", "0"),
                            "an amount above 0",
                            "set spark.task.resource.gpu.amount to 1, or a fraction to share a card; see conf/spark-gpu-shared.conf"));
            findings.add(DiscoveryScript.look(get("spark.executor.resource.gpu.discoveryScript", ""), master));
        }
    }

    private long overhead(long heap) {
        String set = get("spark.executor.memoryOverhead", "");
        if (!set.isEmpty()) {
            // a bare number is in mebibytes
            return set.matches("\\d+") ? Long.parseLong(set) << 20 : bytes(set);
        }
        double factor = Double.parseDouble(get("spark.executor.memoryOverheadFactor", String.valueOf(OVERHEAD_FACTOR)));
        return Math.max(LEAST_OVERHEAD, (long) (heap * factor));
    }

    private String get(String key, String standard) {
        return conf.getOrDefault(key, standard);
    }

    /** {@code 4g} in bytes. */
    static long bytes(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no size; expected one such as 4g or 512m");
        }
        int power = switch (size.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            case "t" -> 40;
            default -> 0;
        };
        return Long.parseLong(size.group(1)) << power;
    }
}
