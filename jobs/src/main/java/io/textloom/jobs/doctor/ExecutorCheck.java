package io.textloom.jobs.doctor;

import io.textloom.model.ModelCache;
import io.textloom.model.ModelRef;
import io.textloom.runtime.NativeFacts;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.ModelTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Java, native libraries, disk and model on each executor that a small job reaches. */
public final class ExecutorCheck implements Check {
    private final SparkSession spark;
    private final Optional<ModelRef> model;

    /** @param model that each executor is to run once; empty for none */
    public ExecutorCheck(SparkSession spark, Optional<ModelRef> model) {
        this.spark = spark;
        this.model = model;
    }

    @Override
    public String part() {
        return "executors";
    }

    @Override
    public List<Finding> look() {
        int tasks = Math.max(1, 2 * spark.sparkContext().defaultParallelism());
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        List<Finding> told = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
                .mapPartitions(new Look(model.orElse(null), conf))
                .collect();
        TreeMap<String, Finding> byExecutor = new TreeMap<>();
        told.forEach(finding -> byExecutor.merge(finding.what(), finding, ExecutorCheck::worse));
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "executors",
                byExecutor.values().stream()
                                .map(f -> f.what().substring(0, f.what().indexOf(':')))
                                .distinct()
                                .count()
                        + " reached by " + tasks + " tasks"));
        findings.addAll(byExecutor.values());
        return findings;
    }

    private static Finding worse(Finding a, Finding b) {
        return a.status().compareTo(b.status()) >= 0 ? a : b;
    }

    /** What one task sees of its executor: with the executor before what was looked at. Travels to executors. */
    private record Look(@org.jspecify.annotations.Nullable ModelRef model, SerializableConfiguration conf)
            implements FlatMapFunction<Iterator<Integer>, Finding> {
        @Override
        public Iterator<Finding> call(Iterator<Integer> none) {
            SparkEnv env = SparkEnv.get();
            String executor = env.executorId() + " on "
                    + env.blockManager().blockManagerId().host();
            List<Finding> findings = new ArrayList<>();
            add(findings, executor, "java", Look::java);
            add(findings, executor, "ONNX Runtime", () -> Finding.ok("", NativeFacts.onnxRuntime()));
            add(findings, executor, "temporary directory", Look::temporary);
            add(
                    findings,
                    executor,
                    "model cache",
                    () -> Finding.ok("", ModelCache.ofMachine().checkWritable()));
            if (model != null) {
                add(findings, executor, "model", () -> trial(model, conf.value()));
            }
            return findings.iterator();
        }

        private interface Task {
            Finding look() throws Exception;
        }

        private static void add(List<Finding> to, String executor, String what, Task task) {
            String name = executor + ": " + what;
            Finding finding;
            try {
                Finding f = task.look();
                finding = new Finding(f.status(), name, f.found(), f.expected(), f.remedy());
            } catch (Exception | LinkageError e) {
                finding = Finding.failed(
                        name,
                        Checkup.firstLine(e),
                        "to work there",
                        "mend that machine, or take it out of the cluster");
            }
            to.add(finding);
        }

        private static Finding java() {
            return JavaCheck.ofProcess().look().stream()
                    .filter(f -> f.status() == Finding.Status.FAILED)
                    .findFirst()
                    .orElse(Finding.ok(
                            "",
                            Runtime.version() + ", heap "
                                    + JavaCheck.gib(Runtime.getRuntime().maxMemory()) + ", "
                                    + Runtime.getRuntime().availableProcessors() + " cores, "
                                    + String.join(" ", NativeFacts.instructionSets())));
        }

        private static Finding temporary() throws IOException {
            Path file = Files.createTempFile("textloom-doctor", "");
            long free = Files.getFileStore(file).getUsableSpace();
            Files.delete(file);
            return Finding.unless(
                    free > (1L << 30),
                    "",
                    JavaCheck.gib(free) + " free at " + System.getProperty("java.io.tmpdir"),
                    "1 GiB or more",
                    "free some space there, or set java.io.tmpdir of the executors");
        }

        private static Finding trial(ModelRef model, Configuration conf) {
            ModelLeases.store().localise(model, conf);
            return Finding.ok("", ModelTrial.run(model, conf).text());
        }
    }
}
