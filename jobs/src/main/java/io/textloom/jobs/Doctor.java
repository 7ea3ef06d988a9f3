package io.textloom.jobs;

import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.jobs.doctor.Check;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.jobs.doctor.DiskCheck;
import io.textloom.jobs.doctor.ExecutorCheck;
import io.textloom.jobs.doctor.Finding;
import io.textloom.jobs.doctor.GpuCheck;
import io.textloom.jobs.doctor.HadoopCheck;
import io.textloom.jobs.doctor.InputCheck;
import io.textloom.jobs.doctor.JavaCheck;
import io.textloom.jobs.doctor.ModelCheck;
import io.textloom.jobs.doctor.NativeCheck;
import io.textloom.jobs.doctor.OutputCheck;
import io.textloom.jobs.doctor.SparkCheck;
import io.textloom.jobs.doctor.SystemCheck;
import io.textloom.model.ModelCache;
import io.textloom.model.ModelException;
import io.textloom.model.ModelRef;
import io.textloom.spark.stage.DeviceChoice;
import io.textloom.spark.stage.DeviceOptions;
import io.textloom.spark.stage.ModelLeases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Looks at this machine first, then at what Spark reaches. */
final class Doctor {
    private final Console console;

    Doctor(Console console) {
        this.console = console;
    }

    Checkup examine(ResolvedSettings settings, boolean verbose) {
        Checkup machine = Checkup.of(ofMachine(settings));
        try (SparkSession spark = SparkSessions.open(settings, "doctor", console, verbose)) {
            return machine.plus(Checkup.of(ofSpark(settings, spark)));
        } catch (RuntimeException | LinkageError e) {
            return machine.plus(Checkup.of(List.of(noSession(settings, e))));
        }
    }

    /** What needs no Spark. */
    static List<Check> ofMachine(ResolvedSettings settings) {
        Map<String, Path> places = new LinkedHashMap<>();
        places.put("temporary files", Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
        places.put("model cache", ModelCache.ofMachine().root());
        localPath(settings.text("output")).ifPresent(path -> places.put("output", path));
        DeviceOptions device = JobOptions.device(settings);
        return List.of(
                JavaCheck.ofProcess(),
                new SystemCheck(Path.of("/")),
                new DiskCheck(places),
                new NativeCheck(),
                new GpuCheck(device.device() == DeviceChoice.CUDA, device.providerLibrary()));
    }

    private static List<Check> ofSpark(ResolvedSettings settings, SparkSession spark) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        Optional<ModelRef> model = model(settings.text("model"), conf);
        Map<String, String> properties = new LinkedHashMap<>();
        for (Tuple2<String, String> property : spark.sparkContext().getConf().getAll()) {
            properties.put(property._1(), property._2());
        }
        List<Check> checks = new ArrayList<>();
        checks.add(new SparkCheck(
                spark.version(),
                spark.sparkContext().master(),
                properties,
                model.map(ModelRef::totalBytes).orElse(0L)));
        checks.add(new HadoopCheck(spark.sparkContext().master(), conf));
        if (!settings.list("input").isEmpty()) {
            checks.add(new InputCheck(settings.list("input"), conf));
        }
        if (!settings.text("output").isBlank()) {
            checks.add(new OutputCheck(settings.text("output"), conf));
        }
        if (!settings.text("model").isBlank()) {
            checks.add(new ModelCheck(settings.text("model"), settings.text("modelSha256"), conf));
        }
        checks.add(new ExecutorCheck(spark, model));
        return checks;
    }

    /** Empty also for one that cannot be read, which its own check tells. */
    private static Optional<ModelRef> model(String name, Configuration conf) {
        if (name.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ModelLeases.store().resolve(name, conf));
        } catch (ModelException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> localPath(String output) {
        if (output.isBlank()) {
            return Optional.empty();
        }
        String path = new org.apache.hadoop.fs.Path(output).toUri().getScheme() == null
                ? output
                : output.startsWith("file:")
                        ? new org.apache.hadoop.fs.Path(output).toUri().getPath()
                        : "";
        return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
    }

    private static Check noSession(ResolvedSettings settings, Throwable reason) {
        return new Check() {
            @Override
            public String part() {
                return "spark";
            }

            @Override
            public List<Finding> look() {
                return List.of(Finding.failed(
                        "session",
                        Failure.message(reason),
                        "a session on " + settings.text("master"),
                        "check --master and Spark's own configuration; --verbose shows Spark's log"));
            }
        };
    }
}
