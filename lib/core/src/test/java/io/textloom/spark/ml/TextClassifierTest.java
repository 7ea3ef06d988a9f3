package io.textloom.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.spark.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the values of golden/classify, which transformers computed. */
class TextClassifierTest {
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"sequence", "multilabel"})
    void labelsAreThePipelines(String task) {
        Dataset<Row> out = classifier(task)
                .setLongDocuments("truncate")
                .setErrorCol("error")
                .transform(golden(task).repartition(3));
        int compared = 0;
        for (Row row : out.collectAsList()) {
            if (row.getAs("error") != null) {
                assertThat((String) row.getAs("error")).startsWith("EMPTY_TEXT");
                assertThat(row.<Object>getAs("model_label")).isNull();
                assertThat(row.<Object>getAs("model_scores")).isNull();
                continue;
            }
            Map<String, Float> found = row.getJavaMap(row.fieldIndex("model_scores"));
            List<scala.collection.Seq<String>> expected = row.getList(row.fieldIndex("scores"));
            for (scala.collection.Seq<String> score : expected) {
                assertThat(found.get(score.apply(0))).isCloseTo(Float.parseFloat(score.apply(1)), within(TOLERANCE));
            }
            assertThat((String) row.getAs("model_label"))
                    .isEqualTo(expected.get(0).apply(0));
            assertThat((float) row.getAs("model_score"))
                    .isEqualTo(found.get(expected.get(0).apply(0)));
            compared++;
        }
        assertThat(compared).isGreaterThan(20);
    }

    @Test
    void entitiesAreThePipelines() {
        List<Row> rows = classifier("token")
                .setLongDocuments("truncate")
                .setAggregation("first")
                .transform(golden("token"))
                .collectAsList();
        int compared = 0;
        for (Row row : rows) {
            List<Row> expected = row.getList(row.fieldIndex("first"));
            List<Row> found = row.isNullAt(row.fieldIndex("model_entities"))
                    ? List.of()
                    : row.getList(row.fieldIndex("model_entities"));
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                Row e = expected.get(i);
                Row f = found.get(i);
                assertThat((String) f.getAs("entity")).isEqualTo(e.getAs("entity_group"));
                assertThat((long) f.<Integer>getAs("start")).isEqualTo(e.<Long>getAs("start"));
                assertThat((long) f.<Integer>getAs("end")).isEqualTo(e.<Long>getAs("end"));
                assertThat((float) f.getAs("score")).isCloseTo((float) (double) e.getAs("score"), within(TOLERANCE));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(50);
    }

    @Test
    void questionsAreAnsweredFromTheirTexts() {
        Dataset<Row> asked = golden("qa").filter("length(trim(context)) > 0");
        List<Row> rows = classifier("qa")
                .setInputCol("context")
                .setQuestionCol("question")
                .transform(asked)
                .collectAsList();
        int compared = 0;
        for (Row row : rows) {
            Row expected = row.getStruct(row.fieldIndex("pipeline"));
            List<Row> spans = row.getList(row.fieldIndex("model_spans"));
            assertThat(spans).hasSize(1);
            assertThat((String) spans.get(0).getAs("text")).isEqualTo(expected.getAs("answer"));
            assertThat((float) spans.get(0).getAs("score"))
                    .isCloseTo((float) (double) expected.getAs("score"), within(TOLERANCE));
            assertThat((float) row.getAs("model_null_score"))
                    .isCloseTo((float) (double) row.getAs("null_score"), within(TOLERANCE));
            compared++;
        }
        assertThat(compared).isGreaterThan(10);
    }

    @Test
    void pairsAreRanked() {
        Dataset<Row> pairs = golden("cross-encoder")
                .filter("length(trim(document)) > 0")
                .withColumnRenamed("score", "expected")
                .unionByName(LocalSpark.session().sql("SELECT 'a text' AS document"), true);
        List<Row> rows = classifier("cross-encoder")
                .setInputCol("document")
                .setQueryCol("query")
                .setLongDocuments("truncate")
                .setErrorCol("error")
                .transform(pairs)
                .collectAsList();
        for (Row row : rows) {
            if (row.getAs("expected") == null) {
                assertThat((String) row.getAs("error")).startsWith("MISSING_TEXT: The column query is null");
                assertThat(row.<Object>getAs("model_score")).isNull();
            } else {
                assertThat((float) row.getAs("model_score"))
                        .isCloseTo((float) (double) row.getAs("expected"), within(TOLERANCE));
            }
        }
        assertThat(rows).hasSizeGreaterThan(20);
    }

    @Test
    void columnsAreThoseOfTheModelsTask() {
        StructType texts = new StructType().add("text", "string").add("question", "string");
        assertThat(new TextClassifier()
                        .setModel(Tiny.model("sequence"))
                        .transformSchema(texts)
                        .fieldNames())
                .containsExactly("text", "question", "label", "score", "scores");
        assertThat(classifier("token")
                        .setTokensCol("n")
                        .setTruncatedCol("cut")
                        .transformSchema(texts)
                        .fieldNames())
                .containsExactly("text", "question", "model_label", "model_score", "model_entities", "n", "cut");
        assertThatThrownBy(() -> classifier("qa").transformSchema(texts)).hasMessageContaining("question");
        assertThatThrownBy(() -> classifier("qa").setQuestionCol("asked").transformSchema(texts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column asked among text, question");
        assertThatThrownBy(() -> new TextClassifier().transformSchema(texts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model is not set");
        assertThatThrownBy(
                        () -> classifier("sequence").setOutputPrefix("").transformSchema(texts.add("label", "string")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a column label already");
    }

    @Test
    void whatIsSavedIsWhatIsLoaded() throws Exception {
        TextClassifier classifier = classifier("qa")
                .setTask("question-answering")
                .setTopK(3)
                .setThreshold(0.25)
                .setActivation("softmax")
                .setAggregation("max")
                .setAnswers("tokens")
                .setAnswerTokens(9)
                .setNullAnswer(true)
                .setQuestion("Where?")
                .setQuestionCol("")
                .setQuery("")
                .setQueryCol("")
                .setPairCol("")
                .setStride(16)
                .setDevice("cpu")
                .setProviderLibrary("/opt/provider.so");
        new Pipeline()
                .setStages(new PipelineStage[] {classifier})
                .fit(Tiny.texts(1, "a"))
                .save(dir.resolve("model").toString());
        PipelineModel loaded = PipelineModel.load(dir.resolve("model").toString());
        TextClassifier stage = (TextClassifier) loaded.stages()[0];
        for (Param<?> param : classifier.params()) {
            if (classifier.isDefined(param)) {
                assertThat(stage.getOrDefault(stage.getParam(param.name())))
                        .as(param.name())
                        .isEqualTo(classifier.getOrDefault(param));
            }
        }
        assertThat(classifier.params()).hasSize(29);
        Dataset<Row> texts = Tiny.texts(1, "Maria Keller works for Northwind Trading in Hamburg.");
        assertThat(loaded.transform(texts).first())
                .isEqualTo(classifier.transform(texts).first());
    }

    private static TextClassifier classifier(String task) {
        return new TextClassifier().setModel(Tiny.model(task)).setOutputPrefix("model_");
    }

    private static Dataset<Row> golden(String task) {
        return LocalSpark.session()
                .read()
                .json(Path.of(Tiny.model(task), "expected.jsonl").toString());
    }
}
