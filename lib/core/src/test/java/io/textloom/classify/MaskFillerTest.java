package io.textloom.classify;

import static io.textloom.classify.GoldenRows.TOLERANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.EncoderStats;
import io.textloom.tensor.Precision;
import io.textloom.text.RejectCode;
import io.textloom.token.LongDocuments;
import io.textloom.token.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Masked words beside the fill-mask pipeline of transformers, and what becomes of long and bad texts. */
class MaskFillerTest {
    private static final GoldenRows GOLDEN = GoldenRows.read("fill-mask");

    @Test
    void predictionsAreThePipelines() {
        try (FillMaskModel model = open(options("", 5, LongDocuments.CHUNK, 512))) {
            List<FillMaskOutcome.Filled> filled = fill(model, GOLDEN.texts("text", ""));
            for (int i = 0; i < filled.size(); i++) {
                JsonNode row = GOLDEN.rows().get(i);
                String text = row.get("text").asText();
                List<JsonNode> expected = new ArrayList<>();
                row.get("masks").forEach(mask -> mask.forEach(expected::add));
                List<FilledMask> found = filled.get(i).predictions();
                assertThat(found).as(row.toString()).hasSameSizeAs(expected);
                for (int k = 0; k < found.size(); k++) {
                    FilledMask one = found.get(k);
                    assertThat(one.tokenId())
                            .isEqualTo(expected.get(k).get("token").asInt());
                    assertThat(one.token())
                            .isEqualTo(expected.get(k).get("token_str").asText());
                    assertThat(one.score())
                            .isCloseTo((float) expected.get(k).get("score").asDouble(), within(TOLERANCE));
                    assertThat(new CodePoints(text).part(one.start(), one.end()))
                            .isEqualTo("[MASK]");
                }
                assertThat(filled.get(i).nextSentence()).isEmpty();
            }
        }
    }

    @Test
    void pairsGetTheProbabilityThatOneFollowsTheOther() {
        try (FillMaskModel model = open(options("pair", 1, LongDocuments.CHUNK, 512))) {
            assertThat(model.hasNextSentence()).isTrue();
            List<FillMaskOutcome.Filled> filled = fill(model, GOLDEN.texts("text", "pair"));
            for (int i = 0; i < filled.size(); i++) {
                JsonNode row = GOLDEN.rows().get(i);
                assertThat(filled.get(i).nextSentence().orElseThrow())
                        .isCloseTo((float) row.get("next_sentence").asDouble(), within(TOLERANCE));
                assertThat(filled.get(i).predictions()).hasSize(row.get("masks").size());
            }
        }
    }

    @Test
    void everyMaskOfALongTextIsFilledOnceAndTheSameAloneOrBatched() {
        String text = "The ferry [MASK] leaves at seven. ".repeat(40);
        List<TextPair> texts = new ArrayList<>(GOLDEN.texts("text", ""));
        texts.add(TextPair.of(text));
        try (FillMaskModel model = open(options("", 2, LongDocuments.CHUNK, 512));
                FillMaskModel small = open(options("", 2, LongDocuments.CHUNK, 1))) {
            List<FillMaskOutcome.Filled> together = fill(model, texts);
            FillMaskOutcome.Filled longOne = together.get(texts.size() - 1);
            assertThat(longOne.predictions()).hasSize(80);
            assertThat(longOne.dropped()).isZero();
            assertThat(longOne.predictions().get(78).start()).isEqualTo(text.lastIndexOf("[MASK]"));
            for (int i = 0; i < texts.size(); i++) {
                FillMaskOutcome.Filled alone =
                        fill(small, List.of(texts.get(i))).get(0);
                assertThat(alone.predictions()).hasSameSizeAs(together.get(i).predictions());
                for (int k = 0; k < alone.predictions().size(); k++) {
                    FilledMask a = alone.predictions().get(k);
                    FilledMask b = together.get(i).predictions().get(k);
                    assertThat(a.tokenId()).isEqualTo(b.tokenId());
                    assertThat(a.position()).isEqualTo(b.position());
                    assertThat(a.score()).isCloseTo(b.score(), within(1e-6f));
                }
            }
        }
    }

    @Test
    void longTextsAreCutOrRejectedAsAsked() {
        TextPair text = TextPair.of("Harbour report of the day. ".repeat(30) + "[MASK]");
        try (FillMaskModel model = open(options("", 1, LongDocuments.TRUNCATE, 512))) {
            FillMaskOutcome.Filled cut = fill(model, List.of(text)).get(0);
            assertThat(cut.truncated()).isTrue();
            assertThat(cut.predictions()).isEmpty();
            assertThat(cut.tokens()).isEqualTo(64);
        }
        try (FillMaskModel model = open(options("", 1, LongDocuments.ERROR, 512));
                MaskFiller filler = new MaskFiller(model)) {
            FillMaskOutcome outcome =
                    filler.fill(List.of(text), new EncoderStats()).get(0);
            assertThat(((FillMaskOutcome.Rejected) outcome).rejection().code()).isEqualTo(RejectCode.TOO_LONG);
            assertThat(((FillMaskOutcome.Rejected) outcome).rejection().message())
                    .contains("score.longDocuments");
        }
    }

    @Test
    void anotherHeadIsNoMaskedLanguageModel() {
        ModelFolder folder = ModelFolder.open(GoldenRows.read("sequence").folder());
        assertThatThrownBy(() ->
                        FillMaskModel.open(folder, FillMaskOptions.defaults(), Tokenizers.open(folder.tokenizer()), 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("BertForSequenceClassification")
                .hasMessageContaining("ForMaskedLM");
    }

    @Test
    void theBestAreThoseOfASort() {
        Random random = new Random(3);
        float[] values = new float[200];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(50);
        }
        Integer[] sorted = new Integer[100];
        Arrays.setAll(sorted, i -> i);
        Arrays.sort(sorted, (a, b) -> Float.compare(values[100 + b], values[100 + a]));
        for (int count : new int[] {1, 7, 100, 300}) {
            int[] best = MaskFiller.best(values, 100, 100, count);
            assertThat(best).hasSize(Math.min(count, 100));
            for (int i = 0; i < best.length; i++) {
                assertThat(best[i]).isEqualTo(sorted[i]);
            }
        }
    }

    private static FillMaskOptions options(String pair, int topK, LongDocuments longDocuments, int batchTokens) {
        return new FillMaskOptions(topK, pair, 0, -1, longDocuments, Precision.FLOAT32, batchTokens);
    }

    private static FillMaskModel open(FillMaskOptions options) {
        ModelFolder folder = ModelFolder.open(GOLDEN.folder());
        return FillMaskModel.open(folder, options, Tokenizers.open(folder.tokenizer()), 1);
    }

    private static List<FillMaskOutcome.Filled> fill(FillMaskModel model, List<TextPair> texts) {
        try (MaskFiller filler = new MaskFiller(model)) {
            return filler.fill(texts, new EncoderStats()).stream()
                    .map(FillMaskOutcome.Filled.class::cast)
                    .toList();
        }
    }
}
