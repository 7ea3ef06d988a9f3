package io.textloom.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** {@code scripts/chaos}: runs scenarios, prints a line for each run and appends their figures to the table. */
public final class Chaos {
    private Chaos() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.exit(run(arguments) ? 0 : 1);
    }

    /** @return whether no run failed */
    static boolean run(String... arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments);
        Path repository = Path.of(options.text("repository", "."));
        Path work = Path.of(options.text(
                "work", repository.resolve("bench/chaos/target/work").toString()));
        Files.createDirectories(work);
        Textloom textloom =
                new Textloom(repository, work, !options.text("archive", "yes").equals("no"));
        boolean failed = false;
        try (Store store = store(options, textloom);
                Engine engine = engine(options, textloom)) {
            SparkSession.Builder builder = SparkSession.builder()
                    .master("local[2]")
                    .appName("chaos")
                    .config("spark.ui.enabled", false)
                    .config("spark.local.dir", work.resolve("comparison").toString())
                    .config("spark.driver.host", "localhost")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.sql.shuffle.partitions", 2);
            store.settings().forEach(setting -> {
                int equals = setting.indexOf('=');
                builder.config("spark.hadoop." + setting.substring(0, equals), setting.substring(equals + 1));
            });
            try (SparkSession spark = builder.getOrCreate();
                    Session session = new Session(options, textloom, store, new Comparison(spark))) {
                for (Supplier<Scenario> scenario : scenarios(options, store, engine)) {
                    for (ResultTable.Entry entry : scenario.get().run(session)) {
                        System.out.print(entry.row("now"));
                        failed |= entry.outcome().contains("FAILED");
                        String table = options.text("table", repository + "/docs/robustness.md");
                        if (!table.equals("none")) {
                            ResultTable.append(Path.of(table), repository, entry);
                        }
                    }
                }
            }
        }
        return !failed;
    }

    private static List<Supplier<Scenario>> scenarios(Options options, Store store, Engine engine) {
        List<Supplier<Scenario>> scenarios = new ArrayList<>();
        for (String name : options.text("scenario", "kills").split(",")) {
            scenarios.add(() -> switch (name) {
                case "kills" -> new Kills(store, engine);
                case "malformed" -> new Malformed();
                case "growth" -> new Growth();
                case "faults" -> new Faults();
                case "damaged" -> new DamagedInput();
                case "model" -> new ChangedModel();
                case "disk" -> new FullDisk();
                case "clock" -> new Clock();
                case "quota" -> new Quota(store);
                default ->
                    throw new IllegalArgumentException("No scenario " + name
                            + "; expected kills, malformed, growth, faults, damaged, model, disk, quota or clock");
            });
        }
        return scenarios;
    }

    private static Store store(Options options, Textloom textloom) throws IOException, InterruptedException {
        String name = options.text("store", "file");
        return switch (name) {
            case "file" ->
                new LocalStore(Files.createDirectories(textloom.work().resolve("out")));
            case "hdfs" -> new HdfsStore(textloom);
            case "s3a" -> new S3Store(textloom);
            default -> throw new IllegalArgumentException("No store " + name + "; expected file, hdfs or s3a");
        };
    }

    private static Engine engine(Options options, Textloom textloom) throws IOException, InterruptedException {
        String name = options.text("engine", "local");
        return switch (name) {
            case "local" -> new LocalEngine(textloom);
            case "cluster" -> new ClusterEngine(textloom, options.integer("seed", 1));
            default -> throw new IllegalArgumentException("No engine " + name + "; expected local or cluster");
        };
    }
}
