package io.textloom.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.constrain.ConstraintOptions;
import io.textloom.embed.EmbedOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.generate.LongPrompts;
import io.textloom.generate.TestOptions;
import io.textloom.openai.BatchOptions;
import io.textloom.prompt.PromptOptions;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.OutputOptions;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.DocumentUnit;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.DeviceOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's batch files in and out, by the jobs that answer them. */
class BatchJobTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final GenerateOptions OPTIONS = TestOptions.of(8, 0, 0, 1, 7, 1, List.of(), LongPrompts.ERROR, 4);
    private static final String COMPLETIONS = "/v1/completions";
    private static final String CHAT = "/v1/chat/completions";
    private static final String EMBEDDINGS = "/v1/embeddings";

    @TempDir
    Path dir;

    @Test
    void completionsHaveTheirOwnOptionsAndTheApisForm() throws IOException {
        write(
                request(
                        "greedy",
                        COMPLETIONS,
                        "{'model':'m','prompt':'Once upon a time','temperature':0,'max_tokens':5}"),
                request(
                        "three",
                        COMPLETIONS,
                        "{'prompt':'The king','n':3,'best_of':4,'seed':5,'top_p':0.9,'user':'u'}"),
                request(
                        "two",
                        COMPLETIONS,
                        "{'prompt':['Once upon a time','The king'],'temperature':0,'max_tokens':5}"),
                request("echo", COMPLETIONS, "{'prompt':'The king','echo':true,'max_tokens':2,'stop':null}"),
                request("ids", COMPLETIONS, "{'prompt':[100,200,300],'max_tokens':2,'logit_bias':{'17':-100}}"),
                request(
                        "told",
                        COMPLETIONS,
                        "{'prompt':'Once upon a time','temperature':0,'max_tokens':5,'logprobs':2}"),
                request("choice", COMPLETIONS, "{'prompt':'Is it so?','guided_choice':['yes','no'],'max_tokens':8}"));
        assertThat(generate("c", "storyteller").rowsRejected()).isZero();
        Map<String, JsonNode> lines = lines("c");
        assertThat(lines).hasSize(7);
        JsonNode greedy = answer(lines, "greedy");
        assertThat(greedy.path("object").asText()).isEqualTo("text_completion");
        assertThat(greedy.path("id").asText()).startsWith("cmpl-");
        assertThat(greedy.path("created").isIntegralNumber()).isTrue();
        assertThat(greedy.path("model").asText()).isEqualTo("storyteller");
        assertThat(greedy.path("choices")).hasSize(1);
        JsonNode choice = greedy.path("choices").get(0);
        assertThat(choice.path("index").asInt(-1)).isZero();
        assertThat(choice.path("text").asText()).isNotEmpty();
        assertThat(choice.path("logprobs").isNull()).isTrue();
        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
        assertThat(greedy.at("/usage/completion_tokens").asInt()).isEqualTo(5);
        assertThat(greedy.at("/usage/total_tokens").asInt())
                .isEqualTo(greedy.at("/usage/prompt_tokens").asInt() + 5);
        assertThat(answer(lines, "three").path("choices")).hasSize(3);
        assertThat(answer(lines, "three").at("/choices/2/index").asInt()).isEqualTo(2);
        assertThat(answer(lines, "two").path("choices")).hasSize(2);
        assertThat(answer(lines, "two").at("/choices/0/text")).isEqualTo(choice.path("text"));
        assertThat(answer(lines, "two").at("/usage/completion_tokens").asInt()).isEqualTo(10);
        assertThat(answer(lines, "echo").at("/choices/0/text").asText()).startsWith("The king");
        assertThat(answer(lines, "ids").at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        assertThat(answer(lines, "choice").at("/choices/0/text").asText()).isIn("yes", "no");
        JsonNode told = answer(lines, "told").at("/choices/0");
        JsonNode logprobs = told.path("logprobs");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            assertThat(logprobs.path("text_offset").get(i).asInt()).isEqualTo(text.length());
            String token = logprobs.path("tokens").get(i).asText();
            text.append(token);
            assertThat(logprobs.path("token_logprobs").get(i).asDouble()).isNegative();
            assertThat(logprobs.path("top_logprobs").get(i)).hasSize(2);
            assertThat(logprobs.path("top_logprobs").get(i).path(token))
                    .isEqualTo(logprobs.path("token_logprobs").get(i));
        }
        assertThat(text)
                .hasToString(told.path("text").asText())
                .hasToString(choice.path("text").asText());
        assertThat(Jobs.verify(LocalSpark.session(), out("c"), true).problems()).isEmpty();
    }

    @Test
    void requestsThatCannotBeAnsweredHaveErrorLines() throws IOException {
        write(
                request("good", COMPLETIONS, "{'prompt':'The king','max_tokens':1}"),
                request("type", COMPLETIONS, "{'prompt':'The king','temperature':'hot'}"),
                request("unknown", COMPLETIONS, "{'prompt':'The king','tempreature':1}"),
                request("long", COMPLETIONS, "{'prompt':'The king','max_tokens':1000000}"),
                request("schema", COMPLETIONS, "{'prompt':'The king','guided_json':{'type':'string','const':5}}"),
                request("bias", COMPLETIONS, "{'prompt':'The king','logit_bias':{'999999999':1}}"),
                request("end", COMPLETIONS, "{'prompt':'The king','stop_token_ids':[99999999]}"),
                request(
                        "room",
                        COMPLETIONS,
                        "{'prompt':'The king','guided_choice':['a long answer it is'],'max_tokens':1}"),
                request("one", COMPLETIONS, "{'prompt':['The king',''],'max_tokens':2}"),
                request("url", EMBEDDINGS, "{'input':'The king'}"),
                request("chat", CHAT, "{'messages':[{'role':'user','content':'Hi'}]}"),
                request("good", COMPLETIONS, "{'prompt':'The king','max_tokens':1}"),
                "{\"custom_id\": \"method\", \"method\": \"GET\", \"url\": \"/v1/completions\", \"body\": {}}",
                "{\"custom_id\": \"bodiless\", \"method\": \"POST\", \"url\": \"/v1/completions\"}",
                "{\"method\": \"POST\", \"url\": \"/v1/completions\", \"body\": {\"prompt\": \"x\"}}",
                request("", COMPLETIONS, "{'prompt':'The king'}"),
                request(" ", COMPLETIONS, "{'prompt':'The queen'}"),
                "not json");
        JobReport report = generate("e", "storyteller");
        assertThat(report.rowsRejected()).isEqualTo(17);
        List<JsonNode> all = allLines("e");
        assertThat(all).hasSize(18);
        Map<String, JsonNode> errors = new HashMap<>();
        all.stream().filter(l -> !l.path("error").isNull()).forEach(l -> {
            assertThat(l.path("response").isNull()).isTrue();
            assertThat(l.path("id").asText()).startsWith("batch_req_");
            errors.put(
                    l.path("custom_id").asText("") + "/" + l.at("/error/code").asText(), l.path("error"));
        });
        assertThat(errors)
                .containsOnlyKeys(
                        "type/invalid_request_error",
                        "unknown/invalid_request_error",
                        "long/context_length_exceeded",
                        "schema/invalid_request_error",
                        "bias/invalid_request_error",
                        "end/invalid_request_error",
                        "room/invalid_request_error",
                        "one/invalid_request_error",
                        "url/invalid_request_error",
                        "chat/invalid_request_error",
                        "method/invalid_request_error",
                        "bodiless/invalid_request_error",
                        "good/duplicate_custom_id",
                        "/missing_custom_id",
                        "/invalid_json_line");
        assertThat(message(errors, "type")).isEqualTo("body.temperature is \"hot\"; expected a number from 0 to 2");
        assertThat(message(errors, "unknown")).contains("body.tempreature");
        assertThat(message(errors, "long")).contains("1000000").contains("512");
        assertThat(message(errors, "bias")).contains("token 999999999");
        assertThat(message(errors, "room")).startsWith("max_tokens is 1");
        assertThat(message(errors, "url")).contains("url is /v1/embeddings").contains("/v1/chat/completions");
        assertThat(message(errors, "chat")).contains("no chat template");
        assertThat(message(errors, "method")).isEqualTo("method is GET; expected POST");
        assertThat(Jobs.verify(LocalSpark.session(), out("e"), true).problems()).isEmpty();
    }

    @Test
    void aChangedBodyIsAnsweredAnewAndTheLinesFollow() throws IOException {
        String kept = request("kept", COMPLETIONS, "{'prompt':'The king','max_tokens':1}");
        write(
                kept,
                request("changed", COMPLETIONS, "{'prompt':'The king','max_tokens':2}"),
                request("mended", COMPLETIONS, "{'prompt':'The king','max_tokens':0}"));
        assertThat(generate("r", "storyteller").rowsRejected()).isEqualTo(1);
        write(
                kept,
                request("changed", COMPLETIONS, "{'prompt':'The king','max_tokens':3}"),
                request("mended", COMPLETIONS, "{'prompt':'The king','max_tokens':4}"));
        JobReport again = generate("r", "storyteller");
        assertThat(again.rowsSkipped()).isEqualTo(1);
        assertThat(again.rowsRejected()).isZero();
        Map<String, JsonNode> lines = lines("r");
        assertThat(lines).hasSize(3);
        assertThat(answer(lines, "kept").at("/usage/completion_tokens").asInt()).isEqualTo(1);
        assertThat(answer(lines, "changed").at("/usage/completion_tokens").asInt())
                .isEqualTo(3);
        assertThat(answer(lines, "mended").at("/usage/completion_tokens").asInt())
                .isEqualTo(4);
        assertThat(Jobs.verify(LocalSpark.session(), out("r"), true).problems()).isEmpty();
        Path file = files("r").get(0);
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.writeString(file, Files.readString(file).replaceFirst("[^\n]*\n", ""));
        assertThat(Jobs.verify(LocalSpark.session(), out("r"), true).problems()).isNotEmpty();
    }

    @Test
    void chatsFollowTheTemplateAndTheSchema() throws IOException {
        Path model = dir.resolve("chatty");
        Files.createDirectory(model);
        try (Stream<Path> files = Files.list(Path.of("../../models/storyteller"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<assistant>");
        String hi =
                "'messages':[{'role':'developer','content':'Be short.'},{'role':'user','content':[{'type':'text','text':'Hi'}]}]";
        write(
                request("plain", CHAT, "{" + hi + ",'temperature':0}"),
                request("short", CHAT, "{" + hi + ",'temperature':0,'max_completion_tokens':3,'n':2,'stop':['zzz']}"),
                request("told", CHAT, "{" + hi + ",'temperature':0,'max_tokens':3,'logprobs':true,'top_logprobs':2}"),
                request(
                        "schema",
                        CHAT,
                        "{" + hi + ",'max_tokens':60,'response_format':{'type':'json_schema','json_schema':{'name':'a',"
                                + "'strict':true,'schema':{'type':'object','properties':{'yes':{'type':'boolean'}},"
                                + "'required':['yes'],'additionalProperties':false}}}}"),
                request("object", CHAT, "{" + hi + ",'max_tokens':200,'response_format':{'type':'json_object'}}"),
                request("tools", CHAT, "{" + hi + ",'tools':[{'type':'function','function':{'name':'f'}}]}"));
        JobReport report = generate("h", model.toString());
        assertThat(report.rowsRejected()).isEqualTo(1);
        Map<String, JsonNode> lines = lines("h");
        JsonNode plain = answer(lines, "plain");
        assertThat(plain.path("object").asText()).isEqualTo("chat.completion");
        assertThat(plain.path("id").asText()).startsWith("chatcmpl-");
        assertThat(plain.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(plain.at("/choices/0/message/refusal").isNull()).isTrue();
        assertThat(plain.at("/usage/completion_tokens").asInt()).isEqualTo(8);
        String content = plain.at("/choices/0/message/content").asText();
        assertThat(content).isNotEmpty();
        assertThat(answer(lines, "short").path("choices")).hasSize(2);
        JsonNode told = answer(lines, "told").at("/choices/0");
        StringBuilder text = new StringBuilder();
        for (JsonNode token : told.at("/logprobs/content")) {
            text.append(token.path("token").asText());
            assertThat(token.path("logprob").isNumber()).isTrue();
            assertThat(token.path("bytes").size()).isPositive();
            assertThat(token.path("top_logprobs")).hasSize(2);
            assertThat(token.at("/top_logprobs/0/token")).isEqualTo(token.path("token"));
        }
        assertThat(text).hasToString(told.at("/message/content").asText());
        assertThat(content).startsWith(text.toString());
        JsonNode made = JSON.readTree(
                answer(lines, "schema").at("/choices/0/message/content").asText());
        assertThat(made.path("yes").isBoolean()).isTrue();
        assertThat(made).hasSize(1);
        assertThat(answer(lines, "schema").at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(JSON.readTree(answer(lines, "object")
                                .at("/choices/0/message/content")
                                .asText())
                        .isObject())
                .isTrue();
        assertThat(lines.get("tools").at("/error/message").asText()).contains("body.tools is not supported");
        assertThat(Jobs.verify(LocalSpark.session(), out("h"), true).problems()).isEmpty();
    }

    @Test
    void embeddingsAreListsOrBase64AndCutToDimensions() throws IOException {
        write(
                request("one", EMBEDDINGS, "{'model':'m','input':'The king'}"),
                request("many", EMBEDDINGS, "{'input':['A cat','The king'],'encoding_format':'base64'}"),
                request("cut", EMBEDDINGS, "{'input':'The king','dimensions':16}"),
                request("more", EMBEDDINGS, "{'input':'The king','dimensions':5000}"),
                request("ids", EMBEDDINGS, "{'input':[1,2]}"),
                request("long", EMBEDDINGS, "{'input':'" + "word ".repeat(600) + "'}"));
        JobContext context = context("v", "all-MiniLM-L6-v2", OutputFormat.OPENAI_BATCH);
        JobReport report =
                Jobs.embedBatch(context, EmbedOptions.defaults(), DeviceOptions.AUTO, List.of("all-MiniLM-L6-v2"));
        assertThat(report.rowsRejected()).isEqualTo(3);
        Map<String, JsonNode> lines = lines("v");
        JsonNode one = answer(lines, "one");
        assertThat(one.path("object").asText()).isEqualTo("list");
        assertThat(one.path("model").asText()).isEqualTo("all-MiniLM-L6-v2");
        assertThat(one.at("/data/0/object").asText()).isEqualTo("embedding");
        assertThat(one.at("/data/0/index").asInt(-1)).isZero();
        JsonNode vector = one.at("/data/0/embedding");
        assertThat(vector).hasSize(384);
        assertThat(one.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
        assertThat(one.at("/usage/total_tokens").asInt()).isEqualTo(4);
        JsonNode many = answer(lines, "many");
        assertThat(many.path("data")).hasSize(2);
        ByteBuffer bytes = ByteBuffer.wrap(
                        Base64.getDecoder().decode(many.at("/data/1/embedding").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 384; i++) {
            assertThat(bytes.getFloat()).isEqualTo((float) vector.get(i).asDouble());
        }
        JsonNode cut = answer(lines, "cut").at("/data/0/embedding");
        assertThat(cut).hasSize(16);
        double squares = 0;
        for (JsonNode value : cut) {
            squares += value.asDouble() * value.asDouble();
        }
        assertThat(squares).isBetween(0.9999, 1.0001);
        assertThat(lines.get("more").at("/error/message").asText())
                .isEqualTo("body.dimensions is 5000; expected at most the model's, 384");
        assertThat(lines.get("ids").at("/error/message").asText()).contains("body.input is [1,2]");
        assertThat(lines.get("long").at("/error/code").asText()).isEqualTo("context_length_exceeded");
        assertThat(Jobs.verify(LocalSpark.session(), out("v"), true).problems()).isEmpty();
    }

    @Test
    void partitionsDoNotChangeAnswers() throws IOException {
        String[] requests = new String[20];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = request("r" + i, COMPLETIONS, "{'prompt':'The king','n':2,'seed':" + i % 3 + "}");
        }
        write(requests);
        generate("p1", "storyteller");
        JobContext spread = context("p5", "storyteller", OutputFormat.OPENAI_BATCH, 5);
        Jobs.generateBatch(spread, OPTIONS, PromptOptions.defaults(), BatchOptions.API, DeviceOptions.AUTO);
        Map<String, JsonNode> one = lines("p1");
        Map<String, JsonNode> five = lines("p5");
        assertThat(one).hasSize(20);
        one.forEach((id, line) ->
                assertThat(answer(five, id).path("choices")).isEqualTo(line.at("/response/body/choices")));
    }

    @Test
    void formatsOfBatchesBelongTogether() throws IOException {
        write(request("a", COMPLETIONS, "{'prompt':'x'}"));
        JobContext batch = context("f", "storyteller", OutputFormat.PARQUET);
        assertThatThrownBy(() -> Jobs.generate(batch, OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputFormat is openai-batch");
        JobReport tables =
                Jobs.generateBatch(batch, OPTIONS, PromptOptions.defaults(), BatchOptions.API, DeviceOptions.AUTO);
        assertThat(tables.rowsOut()).isEqualTo(1);
        assertThat(dir.resolve("f/_batch")).doesNotExist();
        assertThat(LocalSpark.session().read().parquet(out("f")).columns()).contains("id", "response");
        assertThat(Jobs.verify(LocalSpark.session(), out("f"), true).problems()).isEmpty();
    }

    @Test
    void settingsOfRowsHoldForRequestsOrAreRefused() throws IOException {
        write(request("a", COMPLETIONS, "{'prompt':'Once'}"));
        Path schema = Files.writeString(dir.resolve("schema.json"), "{\"enum\": [\"fox\"]}");
        GenerateOptions constrained = new GenerateOptions(
                OPTIONS.sampling().withConstraint(new ConstraintOptions(List.of(), "", schema.toString())),
                "",
                OPTIONS.longPrompts(),
                OPTIONS.engine());
        Jobs.generateBatch(
                context("schema", "storyteller", OutputFormat.OPENAI_BATCH),
                constrained,
                PromptOptions.defaults(),
                BatchOptions.API,
                DeviceOptions.AUTO);
        assertThat(answer(lines("schema"), "a").at("/choices/0/text").asText()).isEqualTo("\"fox\"");

        GenerateOptions limited =
                new GenerateOptions(OPTIONS.sampling(), "limit", OPTIONS.longPrompts(), OPTIONS.engine());
        assertThatThrownBy(() -> Jobs.generateBatch(
                        context("limited", "storyteller", OutputFormat.OPENAI_BATCH),
                        limited,
                        PromptOptions.defaults(),
                        BatchOptions.API,
                        DeviceOptions.AUTO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("generate.maxNewTokensColumn is limit");
    }

    private JobReport generate(String name, String model) {
        return Jobs.generateBatch(
                context(name, model, OutputFormat.OPENAI_BATCH),
                OPTIONS,
                PromptOptions.defaults(),
                BatchOptions.API,
                DeviceOptions.AUTO);
    }

    private JobContext context(String name, String model, OutputFormat format) {
        return context(name, model, format, 2);
    }

    private JobContext context(String name, String model, OutputFormat format, int partitions) {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("outputFormat", format == OutputFormat.OPENAI_BATCH ? "openai-batch" : "parquet");
        return new JobContext(
                LocalSpark.session(),
                model,
                new IntakeOptions(
                        List.of(dir.resolve("in.jsonl").toString()),
                        InputFormat.OPENAI_BATCH,
                        DocumentUnit.LINE,
                        "text",
                        "",
                        DuplicateIds.ERROR,
                        List.of(),
                        "",
                        0,
                        partitions),
                new OutputOptions(out(name), RunMode.RESUME, 1, List.of(), format),
                settings,
                Progress.SILENT);
    }

    private String out(String name) {
        return dir.resolve(name).toString();
    }

    private void write(String... lines) throws IOException {
        Files.write(dir.resolve("in.jsonl"), List.of(lines));
    }

    /** @param body with single quotes */
    private static String request(String id, String url, String body) {
        return "{\"custom_id\": \"" + id + "\", \"method\": \"POST\", \"url\": \"" + url + "\", \"body\": "
                + body.replace('\'', '"') + "}";
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve(name).resolve("_batch"))) {
            return files.filter(f -> f.toString().endsWith(".jsonl")).toList();
        }
    }

    private List<JsonNode> allLines(String name) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (Path file : files(name)) {
            for (String line : Files.readAllLines(file)) {
                all.add(JSON.readTree(line));
            }
        }
        return all;
    }

    private Map<String, JsonNode> lines(String name) throws IOException {
        Map<String, JsonNode> lines = new HashMap<>();
        for (JsonNode line : allLines(name)) {
            assertThat(lines.put(line.path("custom_id").asText(), line)).isNull();
        }
        return lines;
    }

    /** The body of a line that is an answer as a whole. */
    private static JsonNode answer(Map<String, JsonNode> lines, String id) {
        JsonNode line = lines.get(id);
        assertThat(line.path("id").asText()).startsWith("batch_req_");
        assertThat(line.path("error").isNull()).as(line.toString()).isTrue();
        assertThat(line.at("/response/status_code").asInt()).isEqualTo(200);
        assertThat(line.at("/response/request_id").asText()).startsWith("req_");
        return line.at("/response/body");
    }

    private static String message(Map<String, JsonNode> errors, String id) {
        return errors.entrySet().stream()
                .filter(e -> e.getKey().startsWith(id + "/"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .path("message")
                .asText();
    }
}
