package io.textloom.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.textloom.embed.EmbedOutcome.Embedded;
import io.textloom.embed.EmbedOutcome.Rejected;
import io.textloom.model.ModelFolder;
import io.textloom.model.TinyBert;
import io.textloom.runtime.InferenceException;
import io.textloom.runtime.OutOfDeviceMemory;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.text.RejectCode;
import io.textloom.token.LongDocuments;
import io.textloom.token.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedderTest {
    private static final EmbedOptions PLAIN = options(0, 0, LongDocuments.CHUNK, 0, "");

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void tinyModel() throws IOException {
        folder = TinyBert.write(temp.resolve("model"), 1);
    }

    @Test
    void outcomesComeInTheOrderOfTheTexts() {
        List<String> texts = List.of("abc", "a", "abcdefghijklmnop", "", "ba");
        try (EmbeddingModel model = open(PLAIN)) {
            EmbedStats stats = new EmbedStats();
            List<EmbedOutcome> together = new Embedder(model).embed(texts, stats);
            for (int i = 0; i < texts.size(); i++) {
                ChunkVector alone = chunks(new Embedder(model)
                                .embed(List.of(texts.get(i)), new EmbedStats())
                                .get(0))
                        .get(0);
                ChunkVector batched = chunks(together.get(i)).get(0);
                assertThat(batched.vector()).containsExactly(alone.vector(), within(1e-6f));
                assertThat(batched.tokens()).isEqualTo(texts.get(i).length() + 2);
            }
            assertThat(stats.tokens()).isEqualTo(5 + 3 + 18 + 2 + 4);
            assertThat(stats.paddedTokens()).isGreaterThanOrEqualTo(stats.tokens());
            assertThat(stats.flops())
                    .isEqualTo(
                            model.flops(5) + model.flops(3) + model.flops(18) + model.flops(2) + model.flops(4),
                            within(1.0));
        }
    }

    @Test
    void longDocumentsAreCutAsAsked() {
        String text = "abcdefghijklmnopqrstuvwxyz";
        try (EmbeddingModel model = open(options(12, 3, LongDocuments.CHUNK, 0, ""))) {
            List<ChunkVector> chunks = chunks(
                    new Embedder(model).embed(List.of(text), new EmbedStats()).get(0));
            assertThat(chunks).extracting(ChunkVector::chunkIndex).containsExactly(0, 1, 2, 3);
            assertThat(chunks).extracting(ChunkVector::tokens).containsExactly(12, 12, 12, 7);
            assertThat(chunks).noneMatch(ChunkVector::truncated);
            ChunkVector second = chunks(new Embedder(model)
                            .embed(List.of("hijklmnopq"), new EmbedStats())
                            .get(0))
                    .get(0);
            assertThat(chunks.get(1).vector()).containsExactly(second.vector(), within(1e-6f));
        }
        try (EmbeddingModel model = open(options(12, 0, LongDocuments.TRUNCATE, 0, ""))) {
            ChunkVector only = chunks(new Embedder(model)
                            .embed(List.of(text), new EmbedStats())
                            .get(0))
                    .get(0);
            assertThat(only.dropped()).isEqualTo(16);
            assertThat(only.truncated()).isTrue();
        }
        try (EmbeddingModel model = open(options(12, 0, LongDocuments.ERROR, 0, ""))) {
            List<EmbedOutcome> outcomes = new Embedder(model).embed(List.of(text, "abcdefghij"), new EmbedStats());
            assertThat(code(outcomes.get(0))).isEqualTo(RejectCode.TOO_LONG);
            assertThat(outcomes.get(1)).isInstanceOf(Embedded.class);
        }
    }

    @Test
    void theLimitIsTheModelsUnlessAsked() {
        try (EmbeddingModel model = open(PLAIN)) {
            assertThat(model.maxTokens()).isEqualTo(TinyBert.POSITIONS);
            assertThat(chunks(new Embedder(model)
                            .embed(List.of("a".repeat(39)), new EmbedStats())
                            .get(0)))
                    .hasSize(2);
        }
        assertThatThrownBy(() -> open(options(41, 0, LongDocuments.CHUNK, 0, "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 40");
    }

    @Test
    void thePromptStandsInFrontOfEveryWindow() throws IOException {
        Files.writeString(folder.resolve("config_sentence_transformers.json"), "{\"prompts\": {\"query\": \"zy\"}}");
        try (EmbeddingModel model = open(options(10, 0, LongDocuments.CHUNK, 0, "model:query"));
                EmbeddingModel bare = open(options(10, 0, LongDocuments.CHUNK, 0, ""))) {
            List<ChunkVector> chunks = chunks(new Embedder(model)
                    .embed(List.of("abcdefgh"), new EmbedStats())
                    .get(0));
            assertThat(chunks).extracting(ChunkVector::tokens).containsExactly(10, 6);
            ChunkVector expected = chunks(new Embedder(bare)
                            .embed(List.of("zygh"), new EmbedStats())
                            .get(0))
                    .get(0);
            assertThat(chunks.get(1).vector()).containsExactly(expected.vector(), within(1e-6f));
        }
        assertThatThrownBy(() -> open(options(0, 0, LongDocuments.CHUNK, 0, "model:passage")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("query");
    }

    @Test
    void aPromptThatMeltsWithTheTextStandsInFrontOfEveryWindowToo() {
        try (EmbeddingModel model = open(options(10, 0, LongDocuments.CHUNK, 0, "zy "));
                EmbeddingModel bare = open(options(10, 0, LongDocuments.CHUNK, 0, ""))) {
            List<ChunkVector> chunks = chunks(new Embedder(model)
                    .embed(List.of("abcdefgh"), new EmbedStats())
                    .get(0));
            assertThat(chunks).extracting(ChunkVector::tokens).containsExactly(10, 6);
            List<EmbedOutcome> expected = new Embedder(bare).embed(List.of("zy abcdef", "zygh"), new EmbedStats());
            for (int i = 0; i < 2; i++) {
                assertThat(chunks.get(i).vector())
                        .containsExactly(chunks(expected.get(i)).get(0).vector(), within(1e-6f));
            }
        }
    }

    @Test
    void aTextWithoutATokenIsRejected() {
        SpecialTokens none = new SpecialTokens(List.of(), List.of());
        try (EmbeddingModel model = EmbeddingModel.open(ModelFolder.open(folder), PLAIN, new LetterTokenizer(none))) {
            List<EmbedOutcome> outcomes = new Embedder(model).embed(List.of("", "ab"), new EmbedStats());
            assertThat(code(outcomes.get(0))).isEqualTo(RejectCode.EMPTY_TEXT);
            assertThat(chunks(outcomes.get(1)).get(0).tokens()).isEqualTo(2);
        }
    }

    @Test
    void aVectorThatFloat16DoesNotHoldIsRejected() {
        try (EmbeddingModel model = open(options(VectorType.FLOAT16));
                EmbeddingModel whole = open(options(VectorType.FLOAT32))) {
            for (EmbeddingModel each : List.of(model, whole)) {
                Embedder embedder = new Embedder(each, (batch, rows, tokens) -> {
                    java.util.Arrays.fill(rows, 65504);
                    rows[0] = -70000;
                });
                List<EmbedOutcome> outcomes = embedder.embed(List.of("abcd", "ab"), new EmbedStats());
                assertThat(outcomes.get(0) instanceof Embedded).isEqualTo(each == whole);
                assertThat(outcomes.get(1)).isInstanceOf(Embedded.class);
            }
        }
    }

    @Test
    void fewerDimensionsAreTheFirstOnesAtLengthOne() {
        try (EmbeddingModel model = open(options(0, 0, LongDocuments.CHUNK, 5, ""));
                EmbeddingModel full = open(PLAIN)) {
            float[] cut = chunks(new Embedder(model)
                            .embed(List.of("abc"), new EmbedStats())
                            .get(0))
                    .get(0)
                    .vector();
            float[] whole = chunks(new Embedder(full)
                            .embed(List.of("abc"), new EmbedStats())
                            .get(0))
                    .get(0)
                    .vector();
            assertThat(model.dimensions()).isEqualTo(5);
            double length = 0;
            double head = 0;
            for (int i = 0; i < 5; i++) {
                length += cut[i] * cut[i];
                head += whole[i] * whole[i];
            }
            assertThat(length).isCloseTo(1, within(1e-6));
            assertThat((double) cut[2]).isCloseTo(whole[2] / Math.sqrt(head), within(1e-6));
        }
        assertThatThrownBy(() -> open(options(0, 0, LongDocuments.CHUNK, 17, "")))
                .hasMessageContaining("embed.dimensions is 17");
    }

    @Test
    void onlyTheRowThatFailsIsRejected() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            texts.add("abc".repeat(1 + i % 4));
        }
        texts.set(17, "a#c");
        texts.set(31, "abcabc#");
        texts.set(40, "!");
        try (EmbeddingModel model = open(PLAIN)) {
            int bad = LetterTokenizer.id('#');
            Embedder embedder = new Embedder(model, (batch, rows, tokens) -> {
                for (int i = 0; i < batch.totalTokens(); i++) {
                    if (batch.ids()[i] == bad) {
                        throw new InferenceException("no #", new IllegalStateException());
                    }
                }
                model.run(batch, rows, tokens);
            });
            List<EmbedOutcome> outcomes = embedder.embed(texts, new EmbedStats());
            for (int i = 0; i < texts.size(); i++) {
                if (i == 17 || i == 31) {
                    assertThat(code(outcomes.get(i))).isEqualTo(RejectCode.MODEL_FAILED);
                } else if (i == 40) {
                    assertThat(code(outcomes.get(i))).isEqualTo(RejectCode.TOKENIZER_FAILED);
                } else {
                    assertThat(outcomes.get(i)).isInstanceOf(Embedded.class);
                }
            }
        }
    }

    @Test
    void aBatchThatDoesNotFitTheDeviceIsHalvedAndARowThatDoesNotIsRejected() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            texts.add("abcdefgh".substring(i % 4));
        }
        texts.add("abcdefghijklmnopqrstuvwxyz");
        List<Integer> sizes = new ArrayList<>();
        try (EmbeddingModel model = open(PLAIN)) {
            Embedder embedder = new Embedder(model, (batch, rows, tokens) -> {
                sizes.add(batch.size() * batch.maxLength());
                if (batch.size() * batch.maxLength() > 20) {
                    throw new OutOfDeviceMemory("no room", new IllegalStateException());
                }
                model.run(batch, rows, tokens);
            });
            List<EmbedOutcome> outcomes = embedder.embed(texts, new EmbedStats());
            assertThat(outcomes.subList(0, 8)).allMatch(Embedded.class::isInstance);
            assertThat(code(outcomes.get(8))).isEqualTo(RejectCode.OUT_OF_MEMORY);
            assertThat(sizes).anyMatch(size -> size > 40).anyMatch(size -> size <= 20);
        }
    }

    @Test
    void vectorsThatAreNotFiniteAreRejected() {
        try (EmbeddingModel model = open(PLAIN)) {
            Embedder embedder = new Embedder(
                    model, (batch, rows, tokens) -> java.util.Arrays.fill(rows, 0, TinyBert.HIDDEN, Float.NaN));
            List<EmbedOutcome> outcomes = embedder.embed(List.of("ab", "abcd"), new EmbedStats());
            assertThat(code(outcomes.get(1))).isEqualTo(RejectCode.MODEL_FAILED);
            assertThat(outcomes.get(0)).isInstanceOf(Embedded.class);
        }
    }

    private EmbeddingModel open(EmbedOptions options) {
        return EmbeddingModel.open(ModelFolder.open(folder), options, new LetterTokenizer());
    }

    private static EmbedOptions options(VectorType type) {
        return options(0, 0, LongDocuments.CHUNK, 0, "", type);
    }

    private static EmbedOptions options(
            int maxTokens, int stride, LongDocuments longDocuments, int dimensions, String prompt) {
        return options(maxTokens, stride, longDocuments, dimensions, prompt, VectorType.FLOAT32);
    }

    private static EmbedOptions options(
            int maxTokens, int stride, LongDocuments longDocuments, int dimensions, String prompt, VectorType type) {
        return new EmbedOptions(
                PoolingOption.MODEL,
                List.of(-1),
                false,
                NormalizeOption.TRUE,
                maxTokens,
                stride,
                longDocuments,
                Combine.NONE,
                dimensions,
                prompt,
                Precision.FLOAT32,
                type,
                64);
    }

    private static List<ChunkVector> chunks(EmbedOutcome outcome) {
        return ((Embedded) outcome).chunks();
    }

    private static RejectCode code(EmbedOutcome outcome) {
        return ((Rejected) outcome).rejection().code();
    }
}
