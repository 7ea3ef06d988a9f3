package io.textloom.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.EncoderStats;
import io.textloom.runtime.InferenceException;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.LongDocuments;
import io.textloom.token.ModelInput;
import io.textloom.token.TokenBatch;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches, windows and bad texts; what models and options must agree on. */
class ClassifierTest {
    @ParameterizedTest
    @CsvSource({
        "sequence,text,",
        "multilabel,text,",
        "token,text,",
        "qa,context,question",
        "cross-encoder,document,query"
    })
    void aTextIsTheSameAloneAndInAnyBatch(String task, String field, String other) {
        GoldenRows golden = GoldenRows.read(task);
        TestOptions options = new TestOptions();
        options.topK = 3;
        if (other != null) {
            options.questionColumn = task.equals("qa") ? other : "";
            options.queryColumn = task.equals("qa") ? "" : other;
        }
        TestOptions alone = new TestOptions();
        alone.topK = 3;
        alone.questionColumn = options.questionColumn;
        alone.queryColumn = options.queryColumn;
        alone.batchTokens = 1;
        List<TextPair> texts = golden.texts(field, other == null ? "" : other);
        try (ClassifyingModel model = golden.open(options.build());
                ClassifyingModel single = golden.open(alone.build())) {
            List<Finding> together = GoldenRows.findings(model, texts);
            for (int i = 0; i < texts.size(); i++) {
                same(
                        together.get(i),
                        GoldenRows.findings(single, List.of(texts.get(i))).get(0));
            }
        }
    }

    /** Two halves of which each fills a window are as likely as the mean of their logits says. */
    @Test
    void aLongTextHasTheMeanOfItsWindowsWeightedByTheirTokens() {
        GoldenRows golden = GoldenRows.read("sequence");
        TestOptions options = new TestOptions();
        options.activation = ScoreFunction.NONE;
        options.maxTokens = 12;
        String text = golden.rows().get(26).get("text").asText();
        try (ClassifyingModel model = golden.open(options.build());
                Classifier classifier = new Classifier(model)) {
            CutInput cut = classifier
                    .cut(List.of(TextPair.of(text)), new EncoderStats())
                    .get(0);
            assertThat(cut.windows()).hasSizeGreaterThan(5);
            List<float[]> logits = new ArrayList<>();
            double[] mean = new double[3];
            double weights = 0;
            for (ModelInput window : cut.windows()) {
                float[] rows = new float[3];
                model.model().run(TokenBatch.of(List.of(window.ids())), new int[0], rows, new float[0]);
                logits.add(rows);
                int weight = window.size() - 2;
                for (int i = 0; i < 3; i++) {
                    mean[i] += weight * rows[i];
                }
                weights += weight;
            }
            Finding.Labels found = (Finding.Labels)
                    GoldenRows.findings(model, List.of(TextPair.of(text))).get(0);
            for (LabelScore score : found.scores()) {
                int label = List.of("negative", "neutral", "positive").indexOf(score.label());
                assertThat(score.score()).isCloseTo((float) (mean[label] / weights), within(1e-5f));
            }
            assertThat(logits.get(logits.size() - 1)).isNotEqualTo(logits.get(0));
        }
    }

    @Test
    void aTokenOfALongTextHasTheLogitsOfTheWindowWithMostTextAroundIt() {
        GoldenRows golden = GoldenRows.read("token");
        TestOptions options = new TestOptions();
        options.aggregation = Aggregation.NONE;
        options.stride = 20;
        String text = golden.rows().get(27).get("text").asText();
        try (ClassifyingModel model = golden.open(options.build());
                Classifier classifier = new Classifier(model)) {
            CutInput cut = classifier
                    .cut(List.of(TextPair.of(text)), new EncoderStats())
                    .get(0);
            int[] widest = cut.widestWindows();
            // windows hold 62 tokens and share 20: the middle of an overlap is where the next one takes over
            assertThat(widest[0]).isZero();
            assertThat(widest[51]).isZero();
            assertThat(widest[52]).isEqualTo(1);
            assertThat(widest[93]).isEqualTo(1);
            assertThat(widest[94]).isEqualTo(2);
            assertThat(cut.dropped()).isZero();
            List<Entity> found = ((Finding.Entities) GoldenRows.findings(model, List.of(TextPair.of(text)))
                            .get(0))
                    .entities();
            assertThat(found).isSortedAccordingTo(Comparator.comparingInt(Entity::start));
            assertThat(found.get(found.size() - 1).end()).isGreaterThan(text.length() - 30);
        }
    }

    @Test
    void whatIsCutIsCounted() {
        GoldenRows golden = GoldenRows.read("sequence");
        String text = golden.rows().get(26).get("text").asText();
        for (LongDocuments policy : LongDocuments.values()) {
            TestOptions options = new TestOptions();
            options.longDocuments = policy;
            try (ClassifyingModel model = golden.open(options.build());
                    Classifier classifier = new Classifier(model)) {
                List<ClassifyOutcome> outcomes =
                        classifier.classify(List.of(TextPair.of(text), TextPair.of("Tom")), new EncoderStats());
                int all = classifier
                        .cut(List.of(TextPair.of(text)), new EncoderStats())
                        .get(0)
                        .size();
                assertThat(((ClassifyOutcome.Classified) outcomes.get(1)).truncated())
                        .isFalse();
                switch (policy) {
                    case CHUNK -> {
                        ClassifyOutcome.Classified whole = (ClassifyOutcome.Classified) outcomes.get(0);
                        assertThat(whole.dropped()).isZero();
                        assertThat(whole.tokens()).isEqualTo(all + 2 * ((all + 61) / 62));
                    }
                    case TRUNCATE -> {
                        ClassifyOutcome.Classified cut = (ClassifyOutcome.Classified) outcomes.get(0);
                        assertThat(cut.dropped()).isEqualTo(all - 62);
                        assertThat(cut.tokens()).isEqualTo(64);
                    }
                    case ERROR -> {
                        Rejection rejection = ((ClassifyOutcome.Rejected) outcomes.get(0)).rejection();
                        assertThat(rejection.code()).isEqualTo(RejectCode.TOO_LONG);
                        assertThat(rejection.message()).contains("classify.longDocuments");
                    }
                }
            }
        }
    }

    @Test
    void aQuestionThatWouldFillTheWindowIsCutAndCounted() {
        GoldenRows golden = GoldenRows.read("qa");
        String text = golden.rows().get(20).get("context").asText();
        TestOptions options = new TestOptions();
        options.questionColumn = "question";
        try (ClassifyingModel model = golden.open(options.build());
                Classifier classifier = new Classifier(model)) {
            TextPair pair = new TextPair(text, Optional.of(text));
            ClassifyOutcome.Classified found = (ClassifyOutcome.Classified)
                    classifier.classify(List.of(pair), new EncoderStats()).get(0);
            int all = classifier
                    .cut(List.of(TextPair.of(text)), new EncoderStats())
                    .get(0)
                    .size();
            // 61 tokens beside the special ones, of which the question gets 30
            assertThat(found.dropped()).isEqualTo(all - 30);
            assertThat(((Finding.Answers) found.finding()).answers()).hasSize(1);
        }
    }

    @Test
    void theAnswerThatThereIsNoneLeavesTheRowWithoutALabel() {
        GoldenRows golden = GoldenRows.read("qa");
        TestOptions options = new TestOptions();
        options.question = "Who?";
        options.nullAnswer = true;
        options.topK = 1000;
        try (ClassifyingModel model = golden.open(options.build())) {
            Finding.Answers found = (Finding.Answers)
                    GoldenRows.findings(model, List.of(TextPair.of("Tom"))).get(0);
            assertThat(found.answers()).contains(new Answer("", found.noAnswer(), 0, 0));
            assertThat(new Finding.Answers(List.of(new Answer("", 1, 0, 0)), 1).best())
                    .isEmpty();
            assertThat(GoldenRows.findings(model, List.of(TextPair.of(" ")))
                            .get(0)
                            .best())
                    .isEmpty();
        }
    }

    @Test
    void aThresholdLeavesLabelsOut() {
        GoldenRows golden = GoldenRows.read("multilabel");
        TestOptions options = new TestOptions();
        options.threshold = 0.5;
        try (ClassifyingModel model = golden.open(options.build())) {
            Finding.Labels found = (Finding.Labels)
                    GoldenRows.findings(model, golden.texts("text", "").subList(1, 2))
                            .get(0);
            assertThat(found.scores()).extracting(LabelScore::label).containsExactly("politics", "sports");
        }
        options.threshold = 1;
        try (ClassifyingModel model = golden.open(options.build())) {
            Finding.Labels found = (Finding.Labels)
                    GoldenRows.findings(model, golden.texts("text", "").subList(1, 2))
                            .get(0);
            assertThat(found.scores()).isEmpty();
            assertThat(found.best()).isEmpty();
        }
        assertThatThrownBy(() -> GoldenRows.read("sequence").open(options.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("classify.threshold");
    }

    @Test
    void aBatchThatFailsIsHalvedDownToTheTextThatFails() {
        GoldenRows golden = GoldenRows.read("sequence");
        TestOptions options = new TestOptions();
        options.longDocuments = LongDocuments.TRUNCATE;
        List<TextPair> texts = golden.texts("text", "");
        try (ClassifyingModel model = golden.open(options.build())) {
            List<Finding> sound = GoldenRows.findings(model, texts);
            int[] bad =
                    Tokenizers.open(golden.folder().resolve("tokenizer.json")).encode("Tom");
            try (Classifier classifier = new Classifier(model, (batch, wanted, rows, tokens) -> {
                for (int row = 0; row < batch.size(); row++) {
                    if (batch.length(row) == bad.length + 2 && batch.ids()[batch.offset(row) + 1] == bad[0]) {
                        throw new InferenceException("out of memory", new IllegalStateException());
                    }
                }
                model.model().run(batch, wanted, rows, tokens);
            })) {
                List<ClassifyOutcome> outcomes = classifier.classify(texts, new EncoderStats());
                for (int i = 0; i < texts.size(); i++) {
                    if (texts.get(i).text().equals("Tom")) {
                        Rejection rejection = ((ClassifyOutcome.Rejected) outcomes.get(i)).rejection();
                        assertThat(rejection.code()).isEqualTo(RejectCode.MODEL_FAILED);
                        assertThat(rejection.message()).contains("out of memory");
                    } else {
                        same(((ClassifyOutcome.Classified) outcomes.get(i)).finding(), sound.get(i));
                    }
                }
            }
        }
    }

    @Test
    void logitsThatAreNoNumbersRejectTheirTextAlone() {
        GoldenRows golden = GoldenRows.read("sequence");
        try (ClassifyingModel model = golden.open(ClassifyOptions.defaults());
                Classifier classifier = new Classifier(model, (batch, wanted, rows, tokens) -> {
                    model.model().run(batch, wanted, rows, tokens);
                    rows[1] = Float.NaN;
                })) {
            List<ClassifyOutcome> outcomes = classifier.classify(
                    List.of(TextPair.of("a longer text than the other"), TextPair.of("short")), new EncoderStats());
            assertThat(outcomes.get(0)).isInstanceOf(ClassifyOutcome.Rejected.class);
            assertThat(outcomes.get(1)).isInstanceOf(ClassifyOutcome.Classified.class);
        }
    }

    @Test
    void modelAndOptionsMustAgree() {
        TestOptions question = new TestOptions();
        question.question = "Who?";
        TestOptions tokens = new TestOptions();
        tokens.task = ClassifyTask.TOKEN;
        TestOptions query = new TestOptions();
        query.query = "boats";
        assertThatThrownBy(() -> GoldenRows.read("qa").open(ClassifyOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("classify.question is empty");
        assertThatThrownBy(() -> GoldenRows.read("sequence").open(question.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("instead of a question");
        assertThatThrownBy(() -> GoldenRows.read("sequence").open(tokens.build()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("ForSequenceClassification")
                .hasMessageContaining("classify.task is token");
        assertThatThrownBy(() -> GoldenRows.read("token").open(query.build()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GoldenRows.read("fill-mask").open(ClassifyOptions.defaults()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("score");
        TestOptions tooLong = new TestOptions();
        tooLong.maxTokens = 65;
        assertThatThrownBy(() -> GoldenRows.read("sequence").open(tooLong.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("classify.maxTokens is 65");
        tooLong.maxTokens = 2;
        assertThatThrownBy(() -> GoldenRows.read("sequence").open(tooLong.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("classify.maxTokens is 2");
        TestOptions overlapping = new TestOptions();
        overlapping.stride = 62;
        assertThatThrownBy(() -> GoldenRows.read("token").open(overlapping.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("classify.stride is 62 but a window of 64 tokens has room for 62");
        overlapping.stride = 61;
        GoldenRows.read("token").open(overlapping.build()).close();
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() {
        TestOptions both = new TestOptions();
        both.query = "a";
        both.pairColumn = "b";
        assertThatThrownBy(both::build).hasMessageContaining("expected one of question");
        TestOptions pair = new TestOptions();
        pair.task = ClassifyTask.PAIR;
        assertThatThrownBy(pair::build).hasMessageStartingWith("classify.task is pair");
        TestOptions sequence = new TestOptions();
        sequence.task = ClassifyTask.SEQUENCE;
        sequence.question = "Who?";
        assertThatThrownBy(sequence::build).hasMessageStartingWith("classify.task is sequence");
        TestOptions threshold = new TestOptions();
        threshold.threshold = 1.5;
        assertThatThrownBy(threshold::build).hasMessageStartingWith("classify.threshold is 1.5");
    }

    @Test
    void anEncoderWithoutAHeadIsRefusedByItsName() {
        GoldenRows encoder =
                new GoldenRows(GoldenRows.read("sequence").folder().resolveSibling("../architectures/bert"), List.of());
        ModelFolder folder = ModelFolder.open(encoder.folder());
        assertThatThrownBy(() -> ClassifyingModel.open(
                        folder,
                        ClassifyOptions.defaults(),
                        Tokenizers.open(GoldenRows.read("sequence").folder())))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("BertModel")
                .hasMessageContaining("fine-tuned");
    }

    @Test
    void aFolderThatNamesNoClassIsRefusedUnlessTheTaskIsSaid(@TempDir Path folder) throws IOException {
        GoldenRows golden = GoldenRows.read("sequence");
        for (String file : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(golden.folder().resolve(file), folder.resolve(file));
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = (ObjectNode)
                json.readTree(golden.folder().resolve("config.json").toFile());
        config.remove("architectures");
        json.writeValue(folder.resolve("config.json").toFile(), config);
        GoldenRows nameless = new GoldenRows(folder, List.of());
        assertThatThrownBy(() -> nameless.open(ClassifyOptions.defaults()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("names no class; classify needs a fine-tuned model");
        TestOptions said = new TestOptions();
        said.task = ClassifyTask.SEQUENCE;
        nameless.open(said.build()).close();
    }

    private static void same(Finding found, Finding expected) {
        float within = 1e-6f;
        if (found instanceof Finding.Labels labels) {
            List<LabelScore> others = ((Finding.Labels) expected).scores();
            assertThat(labels.scores()).hasSameSizeAs(others);
            for (int i = 0; i < others.size(); i++) {
                assertThat(labels.scores().get(i).label())
                        .isEqualTo(others.get(i).label());
                assertThat(labels.scores().get(i).score())
                        .isCloseTo(others.get(i).score(), within(within));
            }
        } else if (found instanceof Finding.Entities entities) {
            List<Entity> others = ((Finding.Entities) expected).entities();
            assertThat(entities.entities()).hasSameSizeAs(others);
            for (int i = 0; i < others.size(); i++) {
                Entity a = entities.entities().get(i);
                Entity b = others.get(i);
                assertThat(new Entity(a.label(), b.score(), a.word(), a.start(), a.end()))
                        .isEqualTo(b);
                assertThat(a.score()).isCloseTo(b.score(), within(within));
            }
        } else {
            List<Answer> answers = ((Finding.Answers) found).answers();
            List<Answer> others = ((Finding.Answers) expected).answers();
            assertThat(answers).hasSameSizeAs(others);
            for (int i = 0; i < others.size(); i++) {
                Answer a = answers.get(i);
                Answer b = others.get(i);
                assertThat(new Answer(a.text(), b.score(), a.start(), a.end())).isEqualTo(b);
                assertThat(a.score()).isCloseTo(b.score(), within(within));
            }
        }
    }
}
