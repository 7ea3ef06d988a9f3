package io.textloom.classify;

import static io.textloom.classify.GoldenRows.TOLERANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.runtime.EncoderStats;
import io.textloom.text.Rejection;
import io.textloom.token.LongDocuments;
import io.textloom.token.ModelInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders with a tokenizer, end to end, beside the pipelines of transformers and sentence-transformers' CrossEncoder. */
class ClassifyGoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"sequence", "multilabel", "regression"})
    void labelsAndScoresAreThePipelines(String task) {
        GoldenRows golden = GoldenRows.read(task);
        TestOptions options = new TestOptions();
        options.longDocuments = LongDocuments.TRUNCATE;
        try (ClassifyingModel model = golden.open(options.build())) {
            List<Finding> findings = GoldenRows.findings(model, golden.texts("text", ""));
            for (int i = 0; i < findings.size(); i++) {
                List<LabelScore> scores = ((Finding.Labels) findings.get(i)).scores();
                JsonNode expected = golden.rows().get(i).get("scores");
                assertThat(scores).as(expected.toString()).hasSize(expected.size());
                for (int label = 0; label < scores.size(); label++) {
                    assertThat(scores.get(label).label())
                            .isEqualTo(expected.get(label).get(0).asText());
                    assertThat(scores.get(label).score())
                            .isCloseTo((float) expected.get(label).get(1).asDouble(), within(TOLERANCE));
                }
                assertThat(findings.get(i).best()).contains(scores.get(0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Aggregation.class)
    void entitiesAreThePipelines(Aggregation aggregation) {
        GoldenRows golden = GoldenRows.read("token");
        TestOptions options = new TestOptions();
        options.longDocuments = LongDocuments.TRUNCATE;
        options.aggregation = aggregation;
        String field = aggregation.name().toLowerCase(Locale.ROOT);
        try (ClassifyingModel model = golden.open(options.build())) {
            List<Finding> findings = GoldenRows.findings(model, golden.texts("text", ""));
            for (int i = 0; i < findings.size(); i++) {
                JsonNode row = golden.rows().get(i);
                same(((Finding.Entities) findings.get(i)).entities(), row.get(field), row.get("id") + " " + field);
            }
        }
    }

    /** Windows are cut as transformers cuts them: its way of merging their entities gives its entities. */
    @ParameterizedTest
    @EnumSource(
            value = Aggregation.class,
            names = {"SIMPLE", "FIRST", "AVERAGE", "MAX"})
    void entitiesOfEachWindowAreThePipelines(Aggregation aggregation) {
        GoldenRows golden = GoldenRows.read("token");
        TestOptions options = new TestOptions();
        options.aggregation = aggregation;
        options.stride = 16;
        String field = aggregation.name().toLowerCase(Locale.ROOT);
        int compared = 0;
        try (ClassifyingModel model = golden.open(options.build());
                Classifier classifier = new Classifier(model)) {
            for (JsonNode row : golden.rows()) {
                if (row.has("windows")) {
                    String text = row.get("text").asText();
                    CutInput cut = classifier
                            .cut(List.of(TextPair.of(text)), new EncoderStats())
                            .get(0);
                    List<Entity> entities = new ArrayList<>();
                    for (ModelInput window : cut.windows()) {
                        entities.addAll(((EntityFinder) model.finder())
                                .entitiesOf(text, cut, window, tokenLogits(model, window)));
                    }
                    same(merged(entities), row.get("windows").get(field), row.get("id") + " windows " + field);
                    compared++;
                }
            }
        }
        assertThat(compared).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spans", "pipeline", "pipeline_top3"})
    void answersAreThePipelines(String field) {
        GoldenRows golden = GoldenRows.read("qa");
        TestOptions options = new TestOptions();
        options.questionColumn = "question";
        options.answers = field.equals("spans") ? AnswerForm.TOKENS : AnswerForm.WORDS;
        options.topK = field.equals("pipeline") ? 1 : 3;
        try (ClassifyingModel model = golden.open(options.build())) {
            List<Finding> findings = GoldenRows.findings(model, golden.texts("context", "question"));
            for (int i = 0; i < findings.size(); i++) {
                JsonNode row = golden.rows().get(i);
                Finding.Answers found = (Finding.Answers) findings.get(i);
                List<JsonNode> expected = new ArrayList<>();
                if (row.get(field).isArray()) {
                    row.get(field).forEach(expected::add);
                } else {
                    expected.add(row.get(field));
                }
                assertThat(found.answers()).as(row.toString()).hasSameSizeAs(expected);
                for (int k = 0; k < expected.size(); k++) {
                    Answer answer = found.answers().get(k);
                    assertThat(answer.text())
                            .isEqualTo(expected.get(k).get("answer").asText());
                    assertThat(answer.start())
                            .isEqualTo(expected.get(k).get("start").asInt());
                    assertThat(answer.end())
                            .isEqualTo(expected.get(k).get("end").asInt());
                    assertThat(answer.score())
                            .isCloseTo((float) expected.get(k).get("score").asDouble(), within(TOLERANCE));
                }
                assertThat(found.noAnswer())
                        .isCloseTo((float) row.get("null_score").asDouble(), within(TOLERANCE));
            }
        }
    }

    @Test
    void pairsAreScoredAsTheCrossEncoderDoes() {
        GoldenRows golden = GoldenRows.read("cross-encoder");
        TestOptions options = new TestOptions();
        options.queryColumn = "query";
        options.longDocuments = LongDocuments.TRUNCATE;
        TestOptions raw = new TestOptions();
        raw.pairColumn = "document";
        raw.activation = ScoreFunction.NONE;
        raw.longDocuments = LongDocuments.TRUNCATE;
        try (ClassifyingModel model = golden.open(options.build());
                ClassifyingModel rawModel = golden.open(raw.build())) {
            List<Finding> scores = GoldenRows.findings(model, golden.texts("document", "query"));
            List<Finding> logits = GoldenRows.findings(rawModel, golden.texts("query", "document"));
            for (int i = 0; i < scores.size(); i++) {
                JsonNode row = golden.rows().get(i);
                assertThat(scores.get(i).best().orElseThrow().label()).isEqualTo("relevance");
                assertThat(scores.get(i).best().orElseThrow().score())
                        .as(row.toString())
                        .isCloseTo((float) row.get("score").asDouble(), within(TOLERANCE));
                assertThat(logits.get(i).best().orElseThrow().score())
                        .isCloseTo((float) row.get("logit").asDouble(), within(TOLERANCE));
            }
        }
    }

    private static float[] tokenLogits(ClassifyingModel model, ModelInput window) {
        List<float[]> logits = new ArrayList<>();
        new WindowRunner(model.model(), model.model()::run)
                .run(
                        List.of(window),
                        new WindowRunner.Results() {
                            @Override
                            public void took(int number, float[] rows, int rowFrom, float[] tokens, int tokenFrom) {
                                logits.add(Arrays.copyOfRange(tokens, tokenFrom, tokens.length));
                            }

                            @Override
                            public void failed(int number, Rejection rejection) {
                                throw new AssertionError(rejection.message());
                            }
                        },
                        new EncoderStats());
        return logits.get(0);
    }

    /** {@code aggregate_overlapping_entities}: of two that overlap the longer one, of equals the more certain one. */
    private static List<Entity> merged(List<Entity> entities) {
        List<Entity> sorted = new ArrayList<>(entities);
        sorted.sort(Comparator.comparingInt(Entity::start));
        List<Entity> merged = new ArrayList<>();
        for (Entity entity : sorted) {
            Entity last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last == null || entity.start() >= last.end()) {
                merged.add(entity);
                continue;
            }
            int longer = Integer.compare(entity.end() - entity.start(), last.end() - last.start());
            if (longer > 0 || longer == 0 && entity.score() > last.score()) {
                merged.set(merged.size() - 1, entity);
            }
        }
        return merged;
    }

    private static void same(List<Entity> found, JsonNode expected, String where) {
        assertThat(found).as(where + " " + expected).hasSize(expected.size());
        for (int i = 0; i < found.size(); i++) {
            JsonNode e = expected.get(i);
            Entity entity = found.get(i);
            String label = e.has("entity") ? "entity" : "entity_group";
            assertThat(entity.label())
                    .as(where + " " + i)
                    .isEqualTo(e.get(label).asText());
            assertThat(entity.word())
                    .as(where + " " + i)
                    .isEqualTo(e.get("word").asText());
            assertThat(entity.start())
                    .as(where + " " + i)
                    .isEqualTo(e.get("start").asInt());
            assertThat(entity.end()).as(where + " " + i).isEqualTo(e.get("end").asInt());
            assertThat(entity.score())
                    .as(where + " " + i)
                    .isCloseTo((float) e.get("score").asDouble(), within(TOLERANCE));
        }
    }
}
