package io.textloom.spark.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.sun.net.httpserver.HttpServer;
import io.textloom.spark.JobContext;
import io.textloom.spark.JobReport;
import io.textloom.spark.Jobs;
import io.textloom.spark.LocalSpark;
import io.textloom.spark.Progress;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.token.TokenizeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events as OpenLineage has them; the schema beside this test says in our words what its specification 2-0-2 demands. */
class LineageRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path dir;

    /** The session is shared, and its configuration is read when a run starts. */
    @AfterEach
    void forgetSettings() {
        for (scala.Tuple2<String, String> entry : conf().getAllWithPrefix("spark.openlineage.")) {
            conf().remove("spark.openlineage." + entry._1());
        }
    }

    @Test
    void aRunTellsOfItsStartAndItsSuccess() throws IOException {
        Path events = toFile();
        conf().set("spark.openlineage.namespace", "nightly");
        conf().set("spark.openlineage.parentJobName", "dag.task");
        conf().set("spark.openlineage.parentRunId", "00000000-0000-4000-8000-000000000000");
        JobReport report = run("out", "in.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n{\"text\": \" \"}\n");
        List<JsonNode> told = told(events);
        assertThat(told).extracting(e -> e.path("eventType").asText()).containsExactly("START", "COMPLETE");
        assertThat(told.get(0).at("/run/runId")).isEqualTo(told.get(1).at("/run/runId"));
        JsonNode done = told.get(1);
        assertThat(done.at("/job/namespace").asText()).isEqualTo("nightly");
        assertThat(done.at("/job/name").asText()).endsWith(".tokenize");
        assertThat(done.at("/run/facets/parent/job/name").asText()).isEqualTo("dag.task");
        assertThat(done.at("/inputs/0/namespace").asText()).isEqualTo("file");
        assertThat(done.at("/inputs/0/name").asText())
                .isEqualTo(dir.resolve("in.jsonl").toString());
        assertThat(done.at("/outputs/0/name").asText())
                .isEqualTo(dir.resolve("out").toString());
        assertThat(done.at("/outputs/0/outputFacets/outputStatistics/rowCount").asLong())
                .isEqualTo(2);
        assertThat(done.at("/outputs/0/outputFacets/outputStatistics/size").asLong())
                .isPositive();
        assertThat(done.at("/outputs/0/facets/schema/fields").findValuesAsText("name"))
                .contains("id", "input_ids", "n_tokens");
        assertThat(done.at("/run/facets/processing_engine/version").asText()).isEqualTo(spark.version());
        assertThat(done.at("/run/facets/textloom_model/sha256").asText()).isEqualTo(report.modelSha256());
        assertThat(done.at("/run/facets/textloom_run/rowsRejected").asLong()).isEqualTo(1);
    }

    @Test
    void aRunThatFailsSaysWhyWithoutSecrets() throws IOException {
        Path events = toFile();
        assertThatThrownBy(() -> run("out", "in.jsonl?sig=hunter2", "")).isNotNull();
        List<JsonNode> told = told(events);
        assertThat(told).extracting(e -> e.path("eventType").asText()).containsExactly("START", "FAIL");
        assertThat(told.get(1).at("/run/facets/errorMessage/message").asText()).contains("in.jsonl");
        assertThat(Files.readString(events)).doesNotContain("hunter2");
    }

    @Test
    void tablesAndQueriesAreNamedByWhatTheyRead() throws IOException {
        Path events = toFile();
        spark.range(1)
                .selectExpr("'words' AS text")
                .write()
                .parquet(dir.resolve("table").toString());
        run("out", "sql:SELECT text, 'x' AS password FROM parquet.`" + dir.resolve("table") + "` WHERE 'p' != 'q'", "");
        JsonNode done = told(events).get(1);
        assertThat(done.at("/inputs/0/name").asText())
                .isEqualTo(dir.resolve("table").toString());
        assertThat(done.at("/job/facets/sql/query").asText()).startsWith("SELECT text");
    }

    @Test
    void aServiceIsPostedToWithItsKey() throws IOException {
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/lineage", exchange -> {
            try (InputStream in = exchange.getRequestBody()) {
                bodies.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                        + new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(201, -1);
            exchange.close();
        });
        server.start();
        try {
            conf().set("spark.openlineage.transport.type", "http");
            conf().set(
                            "spark.openlineage.transport.url",
                            "http://127.0.0.1:" + server.getAddress().getPort());
            conf().set("spark.openlineage.transport.auth.type", "api_key");
            conf().set("spark.openlineage.transport.auth.apiKey", "k");
            run("out", "in.jsonl", "{\"text\": \"one\"}\n");
        } finally {
            server.stop(0);
        }
        assertThat(bodies).hasSize(2).allMatch(body -> body.startsWith("Bearer k {\"eventType\""));
    }

    @Test
    void aTransportThatFailsDoesNotFailTheJob() throws IOException {
        conf().set("spark.openlineage.transport.type", "http");
        conf().set("spark.openlineage.transport.url", "http://127.0.0.1:1");
        assertThat(run("refused", "in.jsonl", "{\"text\": \"one\"}\n").rowsOut())
                .isEqualTo(1);
        conf().set("spark.openlineage.transport.type", "pigeon");
        assertThat(run("unknown", "in.jsonl", "{\"text\": \"one\"}\n").rowsOut())
                .isEqualTo(1);
    }

    @Test
    void theListenerAloneMeansTheConsoleAndNothingMeansNothing() {
        assertThat(LineageOptions.of(new SparkConf(false))).isEmpty();
        SparkConf listener = new SparkConf(false)
                .set("spark.extraListeners", "a.B,io.openlineage.spark.agent.OpenLineageSparkListener");
        assertThat(LineageOptions.of(listener).orElseThrow().transport()).containsEntry("type", "console");
        assertThat(LineageOptions.of(listener.set("spark.openlineage.disabled", "true")))
                .isEmpty();
    }

    @Test
    void dataSetsAreNamedByWhereTheyLie() {
        assertThat(LineageDataset.ofPath("s3a://k:s@bucket/a/b")).isEqualTo(new LineageDataset("s3://bucket", "a/b"));
        assertThat(LineageDataset.ofPath("hdfs://nn:8020/a")).isEqualTo(new LineageDataset("hdfs://nn:8020", "/a"));
        assertThat(LineageDataset.ofPath("/a/b")).isEqualTo(new LineageDataset("file", "/a/b"));
        assertThat(LineageDataset.ofPath("abfss://c@x.dfs.core.windows.net/a"))
                .isEqualTo(new LineageDataset("abfss://c@x.dfs.core.windows.net", "/a"));
    }

    private SparkConf conf() {
        return spark.sparkContext().conf();
    }

    private Path toFile() {
        Path events = dir.resolve("events.jsonl");
        conf().set("spark.openlineage.transport.type", "file");
        conf().set("spark.openlineage.transport.location", events.toString());
        return events;
    }

    /** All events, each of them valid. */
    private static List<JsonNode> told(Path events) throws IOException {
        JsonSchema schema;
        try (InputStream in = LineageRunTest.class.getResourceAsStream("run-event-schema.json")) {
            schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(in);
        }
        List<JsonNode> told = new ArrayList<>();
        for (String line : Files.readAllLines(events)) {
            JsonNode event = JSON.readTree(line);
            assertThat(schema.validate(event)).isEmpty();
            told.add(event);
        }
        return told;
    }

    private JobReport run(String output, String input, String lines) throws IOException {
        if (!lines.isEmpty()) {
            Files.writeString(dir.resolve("in.jsonl"), lines);
        }
        IntakeOptions intake = new IntakeOptions(
                List.of(input.startsWith("sql:") ? input : dir.resolve(input).toString()),
                InputFormat.AUTO,
                DocumentUnit.LINE,
                "text",
                "",
                DuplicateIds.ERROR,
                List.of(),
                "",
                0,
                1);
        return Jobs.tokenize(
                new JobContext(
                        spark,
                        "storyteller",
                        intake,
                        new OutputOptions(
                                dir.resolve(output).toString(), RunMode.FAIL, 1, List.of(), OutputFormat.PARQUET),
                        new TreeMap<>(Map.of()),
                        Progress.SILENT),
                new TokenizeOptions(0, true));
    }
}
