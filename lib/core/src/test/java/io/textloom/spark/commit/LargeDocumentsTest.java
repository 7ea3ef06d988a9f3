package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.TextSizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few large documents among many small ones, through a stage that does large ones in parts. */
class LargeDocumentsTest {
    private static final Manifest.Model MODEL = new Manifest.Model("none", "file:/none", "00");
    private static final int SMALL_DOCUMENTS = 120;
    private static final int LARGE_WORDS = 30_000;

    /** Rows of the input that a query saw. */
    private static final AtomicLong READ = new AtomicLong();

    private final SparkSession spark = LocalSpark.session();
    private final Counting counting = new Counting();

    @TempDir
    Path dir;

    private DuplicateIds duplicates = DuplicateIds.ERROR;
    private List<String> kept = List.of();
    private List<String> partitionBy = List.of();
    private String where = "";
    private long taskBytes = 1 << 18;

    @BeforeEach
    void listen() {
        WindowStage.reset();
        spark.sparkContext().addSparkListener(counting);
    }

    @AfterEach
    void nothingStaysOpen() {
        spark.sparkContext().removeSparkListener(counting);
        WindowStage.reset();
        assertThat(WindowStage.OPEN).hasValue(0);
        assertThat(spark.sparkContext().getPersistentRDDs().size()).isZero();
    }

    @Test
    void largeDocumentsGiveTheRowsTheyGiveWhole() throws IOException {
        input(large("big-1", LARGE_WORDS, "x"), large("big-2", LARGE_WORDS / 2, "y"), large("big-3", 20_000, "z"));
        JobRun.Result whole = run("whole", false, 4);
        assertThat(WindowStage.WHOLE.getAndSet(0)).isEqualTo(SMALL_DOCUMENTS + 3);

        for (int partitions : new int[] {1, 4, 8}) {
            String output = "parts" + partitions;
            JobRun.Result parts = run(output, true, partitions);
            assertThat(WindowStage.WHOLE.getAndSet(0)).isEqualTo(SMALL_DOCUMENTS);
            assertThat(WindowStage.CUT.getAndSet(0))
                    .as("each document is cut once")
                    .isEqualTo(3);
            assertThat(rows(output)).isEqualTo(rows("whole"));
            assertThat(parts.manifest().counts()).isEqualTo(whole.manifest().counts());
            assertThat(parts.meter()).as("every token counts once").isEqualTo(whole.meter());
            verified(output);
        }
    }

    @Test
    void partsAreSpreadEvenly() throws IOException {
        taskBytes = 1 << 17;
        input(large("big", 120_000, "x"), large("less", 25_000, "y"));
        run("out", true, 4);
        List<Long> words = WindowStage.WORDS_BY_TASK.values().stream().sorted().toList();
        assertThat(words.stream().mapToLong(Long::longValue).sum()).isEqualTo(145_000);
        assertThat(words).hasSizeGreaterThanOrEqualTo(4);
        assertThat(words.get(words.size() - 1)).isLessThanOrEqualTo(words.get(words.size() / 2) * 5 / 4);
        verified("out");
    }

    @Test
    void theInputIsReadOnce() throws IOException {
        input(large("big", LARGE_WORDS, "x"));
        READ.set(0);
        UDF1<String, Boolean> look = id -> seen() > 0;
        spark.udf().register("look", udf(look, DataTypes.BooleanType).asNondeterministic());
        where = "look(id)";
        run("parts", true, 4);
        assertThat(WindowStage.CUT).hasValue(1);
        assertThat(READ).hasValue(SMALL_DOCUMENTS + 1);
    }

    private static long seen() {
        return READ.incrementAndGet();
    }

    @Test
    void withoutLargeDocumentsThereIsNoMoreWork() throws IOException {
        input(large("not-large", 1000, "x"));
        run("whole", false, 4);
        long stages = counting.taken(counting.stages);
        run("parts", true, 4);
        assertThat(counting.taken(counting.stages)).isEqualTo(stages);
        assertThat(WindowStage.CUT).hasValue(0);
        assertThat(rows("parts")).isEqualTo(rows("whole"));
    }

    @Test
    void aPlanThatIsNotAdaptiveFindsLargeDocumentsToo() throws IOException {
        input(large("big", LARGE_WORDS, "x"));
        run("whole", false, 4);
        spark.conf().set("spark.sql.adaptive.enabled", false);
        try {
            run("parts", true, 4);
        } finally {
            spark.conf().unset("spark.sql.adaptive.enabled");
        }
        assertThat(WindowStage.CUT).hasValue(1);
        assertThat(rows("parts")).isEqualTo(rows("whole"));
    }

    @Test
    void aDocumentThatCannotBeDoneIsRejectedOnce() throws IOException {
        input(
                large("sound", LARGE_WORDS, "x"),
                large("uncut", LARGE_WORDS, "x uncuttable"),
                large("twice", LARGE_WORDS, "poison y"));
        JobRun.Result result = run("out", true, 3);
        assertThat(result.run().rejectedByCode()).containsOnlyKeys("TOO_LONG", "MODEL_FAILED");
        assertThat(result.manifest().counts().rowsIn()).isEqualTo(SMALL_DOCUMENTS + 3);
        assertThat(errors("out")
                        .selectExpr("id", "stage", "code", "message", "length(input) BETWEEN 1 AND 4096")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactlyInAnyOrder(
                        "[uncut,windows,TOO_LONG,not to be cut,true]", "[twice,windows,MODEL_FAILED,poisoned,true]");
        assertThat(rows("out")).noneMatch(row -> row.startsWith("uncut ") || row.startsWith("twice "));
        verified("out");

        JobRun.Result again = run("out", true, 3);
        assertThat(again.run().rowsSkipped())
                .as("too long is too long for good")
                .isEqualTo(SMALL_DOCUMENTS + 2);
        assertThat(again.manifest().counts().rowsRejected()).isEqualTo(2);
        verified("out");
    }

    @Test
    void onlyRejectedDocumentsNeedNoModel() throws IOException {
        input(large("uncut", LARGE_WORDS, "uncuttable"));
        run("out", true, 3);
        assertThat(WindowStage.WORDS_BY_TASK).isEmpty();
        assertThat(errors("out").count()).isEqualTo(1);
        verified("out");
    }

    @Test
    void aRerunCutsOnlyNewAndChangedDocuments() throws IOException {
        input(large("same", LARGE_WORDS, "x"), large("changes", LARGE_WORDS, "y"));
        run("out", true, 4);
        WindowStage.reset();
        run("out", true, 4);
        assertThat(WindowStage.CUT).hasValue(0);

        input(large("same", LARGE_WORDS, "x"), large("changes", LARGE_WORDS, "z"), large("new", 20_000, "n"));
        JobRun.Result result = run("out", true, 4);
        assertThat(WindowStage.CUT).hasValue(2);
        assertThat(result.run().rowsReplaced()).isEqualTo(1);
        verified("out");
        run("whole", false, 4);
        assertThat(rows("out")).isEqualTo(rows("whole"));
    }

    @Test
    void aRunKilledAmongThePartsIsDoneByTheNext() throws IOException {
        input(large("sound", LARGE_WORDS, "x"), large("crashes", LARGE_WORDS, "x crash"));
        WindowStage.crash = true;
        assertThatThrownBy(() -> run("out", true, 4)).hasMessageContaining("crash asked for");
        assertThat(dir.resolve("out/_textloom/manifest.json")).doesNotExist();
        WindowStage.crash = false;
        run("out", true, 4);
        run("whole", false, 4);
        assertThat(rows("out")).isEqualTo(rows("whole"));
        verified("out");
    }

    @Test
    void partsOfManyDocumentsAreDoneInTurnsThatStayDone() throws IOException {
        taskBytes = 1 << 13;
        int tasks = 8;
        String last = idOfPartition(tasks - 1, tasks);
        String[] lines = new String[16];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = large("big-" + i, 15_000, "x");
        }
        lines[0] = large(last, 15_000, "x crash");
        input(lines);
        run("whole", false, tasks);
        WindowStage.reset();
        WindowStage.crash = true;
        assertThatThrownBy(() -> run("out", true, tasks)).hasMessageContaining("crash asked for");
        WindowStage.reset();
        JobRun.Result resumed = run("out", true, tasks);
        assertThat(resumed.run().resumedFrom()).isNotEmpty();
        assertThat(WindowStage.CUT.get()).as("of 16 large documents").isBetween(1, 8);
        assertThat(resumed.manifest().counts().documentsOut()).isEqualTo(SMALL_DOCUMENTS + 16);
        assertThat(rows("out")).isEqualTo(rows("whole"));
        verified("out");
    }

    @Test
    void duplicatesKeptColumnsAndDirectoriesAreAsForAnyDocument() throws IOException {
        kept = List.of("lang", "n");
        partitionBy = List.of("lang");
        for (DuplicateIds policy : DuplicateIds.values()) {
            duplicates = policy;
            input(
                    large("big", LARGE_WORDS, "first").replace("{", "{\"lang\":\"en\",\"n\":1,"),
                    large("big", LARGE_WORDS, "second").replace("{", "{\"lang\":\"fr\",\"n\":2,"),
                    large("other", LARGE_WORDS, "third").replace("{", "{\"lang\":\"fr\",\"n\":3,"));
            JobRun.Result result = run("out" + policy, true, 3);
            run("whole" + policy, false, 3);
            assertThat(rows("out" + policy)).isEqualTo(rows("whole" + policy));
            assertThat(spark.read()
                            .parquet(dir.resolve("out" + policy).toString())
                            .filter("n IS NOT NULL")
                            .selectExpr("id", "lang", "n")
                            .distinct()
                            .collectAsList())
                    .extracting(Row::toString)
                    .containsExactlyInAnyOrder("[big,en,1]", "[other,fr,3]");
            assertThat(result.manifest().counts().duplicatesDropped())
                    .isEqualTo(policy == DuplicateIds.KEEP_FIRST ? 1 : 0);
            verified("out" + policy);
        }
    }

    @Test
    void theOutputIsLockedBeforeTheInputIsRead() throws IOException {
        Files.writeString(dir.resolve("in.txt"), "some lines\nof text\n");
        IntakeOptions options = intake(dir.resolve("in.txt"), "", 2);
        OutputDirectory directory = OutputDirectory.open(
                dir.resolve("out").toString(), spark.sparkContext().hadoopConfiguration());
        try (OutputLock lock = directory.lock()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> run("out", true, options)).isInstanceOf(OutputException.class);
        }
        assertThat(counting.taken(counting.recordsRead)).isZero();
        run("out", true, options);
        assertThat(counting.taken(counting.recordsRead)).isEqualTo(2);
    }

    @Test
    void whatIsLargeDependsOnWhatATaskHoldsBesides() {
        assertThat(largeFrom(100, 1000, 10)).isEqualTo(LargeDocuments.LEAST_BYTES);
        assertThat(largeFrom(100, 4 << 20, 1)).as("nothing is left to do whole").isEqualTo(LargeDocuments.LEAST_BYTES);
        assertThat(largeFrom(4 << 10, 1 << 10, 1)).isEqualTo(1 << 18);
        assertThat(largeFrom(4 << 10, 1 << 10, 2)).isEqualTo(1 << 17);
        assertThat(largeFrom(1 << 17, 1 << 14, 2)).isEqualTo(LargeDocuments.MOST_BYTES);
    }

    private static int largeFrom(int texts, int bytes, int tasks) {
        TextSizes sizes = new TextSizes();
        for (int i = 0; i < texts; i++) {
            sizes.add(bytes);
        }
        return LargeDocuments.of(sizes, tasks).bytes();
    }

    private String idOfPartition(int partition, int partitions) {
        return "last-"
                + spark.range(1000)
                        .filter("pmod(hash(concat('last-', id)), " + partitions + ") = " + partition)
                        .first();
    }

    private static String large(String id, int words, String first) {
        StringBuilder text = new StringBuilder(first);
        for (int i = first.split(" ").length; i < words; i++) {
            text.append(' ').append(i * 7919 % 10_007);
        }
        return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\"}";
    }

    private void input(String... large) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < SMALL_DOCUMENTS; i++) {
            String fields = "\"id\":\"" + (i < 10 ? "0" : "") + i % 100 + (i < 100 ? "" : "+") + "\",\"text\":\"";
            lines.add("{" + fields + "word ".repeat(1 + i % 40) + i + "\"}");
        }
        for (int i = 0; i < large.length; i++) {
            lines.add(i * lines.size() / large.length, large[i]);
        }
        // the order decides which of two rows of one id is the first
        lines.sort((a, b) -> Boolean.compare(a.contains("second"), b.contains("second")));
        Files.write(dir.resolve("in.jsonl"), lines);
    }

    private JobRun.Result run(String output, boolean splits, int partitions) {
        return run(output, splits, intake(dir.resolve("in.jsonl"), "id", partitions));
    }

    private JobRun.Result run(String output, boolean splits, IntakeOptions intake) {
        WindowStage stage = new WindowStage(splits, taskBytes);
        return new JobRun(
                        spark,
                        "windows",
                        stage,
                        new OutputOptions(
                                dir.resolve(output).toString(), RunMode.RESUME, 1, partitionBy, OutputFormat.PARQUET),
                        intake,
                        MODEL,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        spark.sparkContext().longAccumulator(),
                        spark.sparkContext().longAccumulator())
                .run(new Intake(spark, intake, stage.taskSize())::documents);
    }

    private IntakeOptions intake(Path input, String idColumn, int partitions) {
        return new IntakeOptions(
                List.of(input.toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                idColumn,
                duplicates,
                kept,
                where,
                0,
                partitions);
    }

    private List<String> rows(String output) {
        return spark.read().parquet(dir.resolve(output).toString()).collectAsList().stream()
                .map(row -> row.mkString(" "))
                .sorted()
                .toList();
    }

    private Dataset<Row> errors(String output) {
        return spark.read()
                .parquet(dir.resolve(output).resolve("_textloom/errors").toString());
    }

    private void verified(String output) {
        assertThat(Jobs.verify(spark, dir.resolve(output).toString(), true).problems())
                .isEmpty();
    }

    /** What Spark says it did. */
    private final class Counting extends SparkListener {
        private final AtomicLong recordsRead = new AtomicLong();
        private final AtomicLong stages = new AtomicLong();

        /** Counted since the last time, when Spark has told all. */
        long taken(AtomicLong count) {
            try {
                spark.sparkContext().listenerBus().waitUntilEmpty();
            } catch (TimeoutException e) {
                throw new AssertionError(e);
            }
            return count.getAndSet(0);
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskMetrics() != null) {
                recordsRead.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
            }
        }

        @Override
        public void onStageCompleted(SparkListenerStageCompleted completed) {
            stages.incrementAndGet();
        }
    }
}
