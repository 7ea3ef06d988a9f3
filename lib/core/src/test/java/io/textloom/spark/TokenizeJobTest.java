package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.text.SentenceSplitter;
import io.textloom.token.Lengths;
import io.textloom.token.Remainder;
import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole tokenize job with the built-in models. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenizeJobTest {
    private static final String BERT = "all-MiniLM-L6-v2";
    private static final String GPT = "storyteller";
    private static final int DOCUMENTS = 120;

    private final SparkSession spark = LocalSpark.session();
    private final Map<String, Tokenizer> tokenizers = new HashMap<>();
    private final TreeMap<String, String> texts = new TreeMap<>();

    @TempDir
    Path dir;

    private Path work = Path.of("");

    @BeforeAll
    void openTokenizers() {
        for (String name : List.of(BERT, GPT)) {
            ModelRef ref = ModelLeases.store().resolve(name, new Configuration());
            ModelFolder folder = ModelLeases.store().localise(ref, new Configuration());
            tokenizers.put(name, Tokenizers.open(folder.tokenizer()));
        }
    }

    @AfterAll
    void closeTokenizers() {
        tokenizers.values().forEach(Tokenizer::close);
    }

    @BeforeEach
    void writeInput() throws IOException {
        work = Files.createTempDirectory(dir, "test");
        texts.clear();
        String[] sentences = {
            "The old king rode a grey horse. ",
            "Mr. Fox ate 3.5 plums!\\n",
            "“Why?” said she. ",
            "今天天气很好。",
            "Café 🙂 closed… ",
            "我们去公园吧！"
        };
        Random random = new Random(5);
        for (int i = 0; i < DOCUMENTS; i++) {
            StringBuilder text = new StringBuilder("Once upon a time. ");
            for (int n = random.nextInt(i % 17 == 0 ? 60 : 6); n > 0; n--) {
                text.append(sentences[random.nextInt(sentences.length)]);
            }
            texts.put("row-" + i, text.toString().replace("\\n", "\n"));
        }
        write();
    }

    @ParameterizedTest
    @EnumSource(
            value = RowUnit.class,
            names = {"DOCUMENT", "SENTENCE", "CHUNK"})
    void partitionsDoNotChangeARow(RowUnit rows) {
        TokenizeOptions options = options(rows, 16, rows == RowUnit.CHUNK ? 4 : 0, true, true);
        JobReport one = run("one", BERT, options, 1);
        JobReport eight = run("eight", BERT, options, 8);
        assertThat(rows("eight")).isEqualTo(rows("one"));
        assertThat(eight.lengths()).isEqualTo(one.lengths());
        assertThat(eight.truncatedRows()).isEqualTo(one.truncatedRows());
        assertThat(eight.droppedTokens()).isEqualTo(one.droppedTokens());
        verified("eight");
    }

    @Test
    void theDefaultColumnsAreThoseOfTheContract() {
        run("plain", BERT, new TokenizeOptions(0, true), 2);
        assertThat(read("plain").columns()).containsExactly("id", "input_ids", "n_tokens", "n_dropped", "truncated");
    }

    @Test
    void chunksHoldEveryTokenAndShareTheStride() {
        run("chunks", BERT, options(RowUnit.CHUNK, 16, 4, false, false), 3);
        Map<String, List<Integer>> documents = new TreeMap<>();
        for (Row row : read("chunks").orderBy("id", "chunk_index").collectAsList()) {
            List<Integer> ids = row.getList(row.fieldIndex("input_ids"));
            assertThat(ids).hasSizeBetween(3, 16).hasSize(row.<Integer>getAs("n_tokens"));
            assertThat(ids.get(0)).isEqualTo(101);
            assertThat(ids.get(ids.size() - 1)).isEqualTo(102);
            assertThat(row.<Integer>getAs("n_dropped")).isZero();
            assertThat(row.<Boolean>getAs("truncated")).isFalse();
            List<Integer> document = documents.computeIfAbsent(row.getString(0), id -> new ArrayList<>());
            int shared = row.<Integer>getAs("chunk_index") == 0 ? 0 : 4;
            assertThat(ids.subList(1, 1 + shared))
                    .isEqualTo(document.subList(document.size() - shared, document.size()));
            document.addAll(ids.subList(1 + shared, ids.size() - 1));
        }
        assertThat(documents).isEqualTo(encoded(BERT));
        verified("chunks");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {BERT, GPT})
    void sentencesHoldEveryTokenOnce(String model) {
        TokenizeOptions options = new TokenizeOptions(
                RowUnit.SENTENCE, 0, 0, false, true, true, "auto", Remainder.KEEP, TokenizeOptions.FILE_TOKENS);
        run("sentences", model, options, 3);
        SentenceSplitter splitter = new SentenceSplitter();
        Map<String, List<Integer>> documents = new TreeMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Row row : read("sentences").orderBy("id", "sentence_index").collectAsList()) {
            String id = row.getString(0);
            documents.computeIfAbsent(id, i -> new ArrayList<>()).addAll(row.getList(row.fieldIndex("input_ids")));
            int index = counts.merge(id, 1, Integer::sum) - 1;
            assertThat(row.<Integer>getAs("sentence_index")).isEqualTo(index);
            splitter.split(texts.get(id));
            Row sentence = row.<Row>getList(row.fieldIndex("sentences")).get(0);
            assertThat(sentence.getInt(0)).isEqualTo(splitter.startCodePoint(index));
            assertThat(sentence.getInt(1)).isEqualTo(splitter.endCodePoint(index));
            for (Row offset : row.<Row>getList(row.fieldIndex("offsets"))) {
                assertThat(offset.getInt(1) - 1).isBetween(sentence.getInt(0), sentence.getInt(1) - 1);
            }
        }
        assertThat(documents).isEqualTo(encoded(model));
        counts.forEach((id, count) -> assertThat(splitter.split(texts.get(id))).isEqualTo(count));
        verified("sentences");
    }

    @Test
    void offsetsAndSentencesPointIntoTheText() {
        run("offsets", BERT, options(RowUnit.DOCUMENT, 24, 0, true, true), 2);
        SentenceSplitter splitter = new SentenceSplitter();
        for (Row row : read("offsets").collectAsList()) {
            String text = texts.get(row.getString(0));
            int[] codePoints = text.codePoints().toArray();
            List<Row> offsets = row.getList(row.fieldIndex("offsets"));
            List<Integer> ids = row.getList(row.fieldIndex("input_ids"));
            assertThat(offsets).hasSameSizeAs(ids);
            assertThat(offsets.get(0).toString()).isEqualTo("[0,0]");
            assertThat(offsets.get(ids.size() - 1).toString()).isEqualTo("[0,0]");
            assertThat(new String(
                            codePoints, offsets.get(1).getInt(0), offsets.get(1).getInt(1)))
                    .isEqualTo("Once");
            splitter.split(text);
            List<Row> sentences = row.getList(row.fieldIndex("sentences"));
            assertThat(sentences).isNotEmpty().hasSizeLessThanOrEqualTo(splitter.size());
            for (int i = 0; i < sentences.size(); i++) {
                Row sentence = sentences.get(i);
                assertThat(sentence.getInt(0)).isEqualTo(splitter.startCodePoint(i));
                assertThat(offsets.get(sentence.getInt(2)).getInt(0)).isEqualTo(sentence.getInt(0));
            }
            if (!row.<Boolean>getAs("truncated")) {
                assertThat(sentences).hasSize(splitter.size());
            }
        }
    }

    @Test
    void theSummaryIsExact() {
        JobReport report = run("summary", BERT, options(RowUnit.DOCUMENT, 16, 0, false, false), 3);
        int[] lengths = encoded(BERT).values().stream()
                .mapToInt(ids -> ids.size() + 2)
                .sorted()
                .toArray();
        assertThat(report.lengths())
                .containsOnly(Map.entry(
                        BERT,
                        new Lengths.Summary(
                                DOCUMENTS,
                                lengths[DOCUMENTS / 2 - 1],
                                lengths[(int) Math.ceil(0.9 * DOCUMENTS) - 1],
                                lengths[(int) Math.ceil(0.99 * DOCUMENTS) - 1],
                                lengths[DOCUMENTS - 1])));
        assertThat(report.truncatedRows())
                .isEqualTo(IntStream.of(lengths).filter(n -> n > 16).count());
        assertThat(report.droppedTokens())
                .isEqualTo(IntStream.of(lengths).map(n -> Math.max(0, n - 16)).sum());
        assertThat(report.fileTokens().max()).isLessThanOrEqualTo(report.tokens());
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {BERT, GPT})
    void blocksHoldEveryTokenOnceWithASeparatorBehindEachDocument(String model) {
        JobReport report = run("blocks", model, options(RowUnit.BLOCK, 32, 0, false, false), 3);
        int separator = model.equals(BERT) ? 102 : 0;
        Map<String, List<Integer>> documents = unpacked("blocks", "");
        Map<String, List<Integer>> expected = encoded(model);
        expected.values().forEach(ids -> ids.add(separator));
        assertThat(documents).isEqualTo(expected);
        assertThat(report.documentsOut()).isEqualTo(DOCUMENTS);
        assertThat(read("blocks").filter("size(input_ids) != 32").count()).isLessThanOrEqualTo(3);
        assertThat(report.tokens())
                .isEqualTo(expected.values().stream().mapToInt(List::size).sum());
        verified("blocks");
        assertThat(new TreeSet<>(List.of(read("blocks").columns())))
                .containsExactly("documents", "id", "input_ids", "n_tokens");
    }

    @Test
    void blocksDependOnTheInputAndTheSettingsAlone() {
        TokenizeOptions options = options(RowUnit.BLOCK, 32, 0, false, false);
        run("b1", GPT, options, 0);
        assertThat(read("b1").filter("size(input_ids) != 32").count())
                .as("one task")
                .isEqualTo(1);
        String bytes = spark.conf().get("spark.sql.files.maxPartitionBytes");
        String shuffle = spark.conf().get("spark.sql.shuffle.partitions");
        try {
            spark.conf().set("spark.sql.files.maxPartitionBytes", "2000");
            spark.conf().set("spark.sql.shuffle.partitions", "7");
            run("b2", GPT, options, 0);
            run("c2", GPT, options, 5);
        } finally {
            spark.conf().set("spark.sql.files.maxPartitionBytes", bytes);
            spark.conf().set("spark.sql.shuffle.partitions", shuffle);
        }
        run("c1", GPT, options, 5);
        assertThat(rows("b2")).isEqualTo(rows("b1"));
        assertThat(rows("c2")).isEqualTo(rows("c1")).isNotEqualTo(rows("b1"));
    }

    @Test
    void remaindersArePaddedOrDroppedAndCounted() {
        JobReport padded = run("pad", BERT, blocks("none", Remainder.PAD), 4);
        assertThat(read("pad").filter("size(input_ids) != 50").count()).isZero();
        assertThat(padded.paddedTokens()).isGreaterThan(padded.tokens());
        JobReport dropped = run("drop", BERT, blocks("none", Remainder.DROP), 4);
        assertThat(read("drop")
                        .filter("size(input_ids) != 50 OR n_tokens != 50")
                        .count())
                .isZero();
        assertThat(dropped.droppedTokens()).isPositive();
        assertThat(dropped.tokens() + dropped.droppedTokens()).isEqualTo(padded.tokens());
        assertThat(dropped.documentsOut()).isEqualTo(DOCUMENTS);
        verified("pad");
        verified("drop");
    }

    @Test
    void newDocumentsMakeNewBlocksAndChangedOnesAreRefused() throws IOException {
        TokenizeOptions options = options(RowUnit.BLOCK, 32, 0, false, false);
        run("grow", BERT, options, 2);
        List<String> before = rows("grow");
        texts.put("zz-new", "A new document of a few words.");
        write();
        JobReport report = run("grow", BERT, options, 2);
        assertThat(report.documentsOut()).isEqualTo(1);
        assertThat(rows("grow")).hasSize(before.size() + 1).containsAll(before);
        verified("grow");

        List<String> grown = rows("grow");
        texts.put("row-7", "Not what it was.");
        write();
        assertThatThrownBy(() -> run("grow", BERT, options, 2))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("row-7")
                .hasMessageContaining("--mode overwrite");
        assertThat(rows("grow")).isEqualTo(grown);
        assertThat(work.resolve("grow/_textloom/staging")).doesNotExist();
    }

    @Test
    void blocksKeepNoColumns() {
        assertThatThrownBy(() -> Jobs.tokenize(
                        context("kept", BERT, 1, List.of("text"), List.of()), blocks("auto", Remainder.KEEP)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keepColumns");
        assertThat(work.resolve("kept")).doesNotExist();
        assertThatThrownBy(() -> run("none", BERT, blocks("no such token", Remainder.KEEP), 1))
                .hasMessageContaining("tokenize.separator is no such token");
    }

    @Test
    void severalTokenizersReadADocumentOnce() {
        JobContext context = context("both", BERT, 3, List.of(), List.of("tokenizer"));
        JobReport report = Jobs.tokenize(context, options(RowUnit.DOCUMENT, 0, 0, false, false), List.of(BERT, GPT));
        assertThat(report.rowsIn()).isEqualTo(DOCUMENTS);
        assertThat(report.rowsOut()).isEqualTo(2 * DOCUMENTS);
        assertThat(report.documentsOut()).isEqualTo(DOCUMENTS);
        assertThat(report.lengths()).containsOnlyKeys(BERT, GPT);
        assertThat(work.resolve("both/tokenizer=" + BERT)).isDirectory();
        run("alone", GPT, options(RowUnit.DOCUMENT, 0, 0, false, false), 2);
        assertThat(strings(read("both").filter("tokenizer = '" + GPT + "'").drop("tokenizer")))
                .isEqualTo(rows("alone"));
        verified("both");

        run("packed", List.of(BERT, GPT), options(RowUnit.BLOCK, 32, 0, false, false), 2);
        assertThat(unpacked("packed", GPT)).hasSize(DOCUMENTS);
        assertThat(unpacked("packed", BERT)).hasSize(DOCUMENTS);
        verified("packed");
    }

    @Test
    void anotherSetOfTokenizersIsNotResumed() throws IOException {
        TokenizeOptions options = options(RowUnit.DOCUMENT, 0, 0, false, false);
        run("set", List.of(BERT, GPT), options, 2);
        assertThat(Files.readString(work.resolve("set/_textloom/manifest.json")))
                .contains("\"name\" : \"" + BERT + ", " + GPT + "\"")
                .contains("\"parts\"");
        assertThatThrownBy(() -> run("set", List.of(BERT), options, 2)).hasMessageContaining("models");
        assertThatThrownBy(() -> run("set", List.of(BERT, "bge-small-zh-v1.5"), options, 2))
                .hasMessageContaining("model.sha256");
        assertThatThrownBy(() -> run("twice", List.of(BERT, BERT), options, 2))
                .hasMessageContaining("two named " + BERT);
        assertThat(run("set", List.of(BERT, GPT), options, 2).rowsSkipped()).isEqualTo(DOCUMENTS);
    }

    @Test
    void filesAreNearTheirSizeHoweverSkewedTheCorpus() throws IOException {
        texts.clear();
        for (int i = 0; i < 6; i++) {
            texts.put("huge-" + i, ("A long tale number " + i + " goes on. ").repeat(100 + 10 * i));
        }
        for (int i = 0; i < 2000; i++) {
            texts.put("tiny-" + i, "Tale " + i + " is of a fox and his brother, who lived in the wood.");
        }
        write();
        TokenizeOptions options =
                new TokenizeOptions(RowUnit.DOCUMENT, 0, 0, true, false, false, "auto", Remainder.KEEP, 4000);
        JobReport report = run("files", BERT, options, 0);
        assertThat(report.tokens()).isGreaterThan(30_000);
        assertThat(report.fileTokens().max()).isLessThanOrEqualTo(4400);
        assertThat(report.fileTokens().median()).isGreaterThanOrEqualTo(2000);
        assertThat(report.fileTokens().files()).isLessThanOrEqualTo(3 * report.tokens() / 4000);
        assertThat(report.fileTokens().min()).isGreaterThanOrEqualTo(1000);
        verified("files");
    }

    private static TokenizeOptions options(
            RowUnit rows, int maxTokens, int stride, boolean sentences, boolean offsets) {
        return new TokenizeOptions(
                rows, maxTokens, stride, true, sentences, offsets, "auto", Remainder.KEEP, TokenizeOptions.FILE_TOKENS);
    }

    private static TokenizeOptions blocks(String separator, Remainder remainder) {
        return new TokenizeOptions(
                RowUnit.BLOCK, 50, 0, true, false, false, separator, remainder, TokenizeOptions.FILE_TOKENS);
    }

    private JobReport run(String output, String model, TokenizeOptions options, int partitions) {
        return run(output, List.of(model), options, partitions);
    }

    private JobReport run(String output, List<String> models, TokenizeOptions options, int partitions) {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("tokenize.remainder", options.remainder().name().toLowerCase(java.util.Locale.ROOT));
        JobContext context = context(output, models.get(0), partitions, List.of(), List.of());
        return Jobs.tokenize(
                new JobContext(
                        spark, context.model(), context.intake(), context.output(), settings, context.progress()),
                options,
                models);
    }

    private JobContext context(
            String output, String model, int partitions, List<String> kept, List<String> partitionBy) {
        IntakeOptions intake = new IntakeOptions(
                List.of(work.resolve("in.jsonl").toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "id",
                DuplicateIds.ERROR,
                kept,
                "",
                0,
                partitions);
        OutputOptions options = new OutputOptions(
                work.resolve(output).toString(), RunMode.RESUME, 0, partitionBy, OutputFormat.PARQUET);
        return new JobContext(spark, model, intake, options, new TreeMap<>(), Progress.SILENT);
    }

    private void write() throws IOException {
        List<String> lines = new ArrayList<>();
        texts.forEach(
                (id, text) -> lines.add("{\"id\": \"" + id + "\", \"text\": \"" + text.replace("\n", "\\n") + "\"}"));
        Files.write(work.resolve("in.jsonl"), lines, StandardCharsets.UTF_8);
    }

    private Map<String, List<Integer>> encoded(String model) {
        Map<String, List<Integer>> documents = new TreeMap<>();
        texts.forEach((id, text) -> documents.put(
                id,
                new ArrayList<>(Arrays.stream(tokenizers.get(model).encode(text))
                        .boxed()
                        .toList())));
        return documents;
    }

    /** The documents of blocks put together again. */
    private Map<String, List<Integer>> unpacked(String output, String tokenizer) {
        Dataset<Row> blocks = read(output);
        record Piece(int offset, List<Integer> ids) {}
        Map<String, List<Piece>> pieces = new TreeMap<>();
        for (Row block :
                (tokenizer.isEmpty() ? blocks : blocks.filter("tokenizer = '" + tokenizer + "'")).collectAsList()) {
            List<Integer> ids = block.getList(block.fieldIndex("input_ids"));
            List<Row> documents = block.getList(block.fieldIndex("documents"));
            assertThat(block.<String>getAs("id"))
                    .isEqualTo(documents.get(0).getString(0) + "@"
                            + documents.get(0).getInt(3));
            for (Row piece : documents) {
                int start = piece.getInt(1);
                pieces.computeIfAbsent(piece.getString(0), id -> new ArrayList<>())
                        .add(new Piece(piece.getInt(3), ids.subList(start, start + piece.getInt(2))));
            }
        }
        Map<String, List<Integer>> documents = new TreeMap<>();
        pieces.forEach((id, list) -> {
            List<Integer> ids = new ArrayList<>();
            list.sort(Comparator.comparingInt(Piece::offset));
            for (Piece piece : list) {
                assertThat(piece.offset()).isEqualTo(ids.size());
                ids.addAll(piece.ids());
            }
            documents.put(id, ids);
        });
        return documents;
    }

    private Dataset<Row> read(String output) {
        return spark.read().parquet(work.resolve(output).toString());
    }

    private List<String> rows(String output) {
        return strings(read(output));
    }

    private static List<String> strings(Dataset<Row> rows) {
        return rows.toJSON().collectAsList().stream().sorted().toList();
    }

    private void verified(String output) {
        assertThat(Jobs.verify(spark, work.resolve(output).toString(), true).problems())
                .isEmpty();
    }
}
