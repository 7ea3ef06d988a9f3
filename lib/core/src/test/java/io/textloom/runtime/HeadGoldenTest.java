package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.Head;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.tensor.Precision;
import io.textloom.token.TokenBatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small random model of every architecture with every head beside Hugging Face transformers. */
class HeadGoldenTest {
    private static final float TOLERANCE = 1e-4f;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-sequence",
                "bert-multilabel",
                "bert-regression",
                "bert-token",
                "bert-qa",
                "bert-mlm",
                "bert-next-sentence",
                "roberta-sequence",
                "roberta-token",
                "roberta-qa",
                "roberta-mlm",
                "xlm-roberta-sequence",
                "xlm-roberta-token",
                "distilbert-sequence",
                "distilbert-token",
                "distilbert-qa",
                "distilbert-mlm",
                "mpnet-sequence",
                "mpnet-token",
                "mpnet-qa",
                "mpnet-mlm"
            })
    void equalsTransformers(String name) {
        GoldenModel golden = GoldenModel.read(name);
        ModelFolder folder = ModelFolder.open(golden.folder());
        Head head = Head.of(folder.config()).orElseThrow();
        HeadRequest request = new HeadRequest(head, golden.has("types"), Precision.FLOAT32);
        try (EncoderSession session = EncoderSession.open(folder, request, 1)) {
            check(session, golden, golden.batch(), 0, golden.batch().size());
            for (int row = 0; row < golden.batch().size(); row++) {
                check(session, golden, golden.row(row), row, row + 1);
            }
        }
    }

    @Test
    void vocabularyLogitsOfWantedPlacesAreThoseOfAllPlaces() {
        GoldenModel golden = GoldenModel.read("bert-mlm");
        HeadRequest request = new HeadRequest(Head.MASKED_LM, true, Precision.FLOAT32);
        try (EncoderSession session = EncoderSession.open(ModelFolder.open(golden.folder()), request, 1)) {
            TokenBatch batch = golden.batch();
            int[] wanted = {batch.totalTokens() - 1, 0, 3, 3, 30};
            int width = session.tokenWidth();
            float[] logits = new float[wanted.length * width];
            session.run(batch, wanted, new float[0], logits);
            float[] expected = new float[logits.length];
            for (int i = 0; i < wanted.length; i++) {
                System.arraycopy(golden.floats("logits"), wanted[i] * width, expected, i * width, width);
            }
            assertThat(difference(logits, expected)).isLessThanOrEqualTo(TOLERANCE);
            assertThatThrownBy(() -> session.run(batch, new int[] {batch.totalTokens()}, new float[0], logits))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> session.run(batch, new int[0], new float[0], logits))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert-mlm"})
    void anEncoderWithoutTheHeadSaysSo(String name) {
        ModelFolder folder = ModelFolder.open(GoldenModel.read(name).folder());
        HeadRequest request = new HeadRequest(Head.SEQUENCE, false, Precision.FLOAT32);
        assertThatThrownBy(() -> EncoderSession.open(folder, request, 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("classifier.weight")
                .hasMessageContaining("fine-tuned");
    }

    private static void check(EncoderSession session, GoldenModel golden, TokenBatch batch, int from, int to) {
        float[] rows = new float[batch.size() * session.rowWidth()];
        float[] tokens = new float[batch.totalTokens() * session.tokenWidth()];
        int[] wanted =
                session.gathers() ? IntStream.range(0, batch.totalTokens()).toArray() : new int[0];
        session.run(batch, wanted, rows, tokens);
        if (golden.has("nsp")) {
            assertThat(difference(rows, part(golden, "nsp", false, from, to))).isLessThanOrEqualTo(TOLERANCE);
            rows = new float[0];
        }
        if (golden.has("start")) {
            float[] starts = part(golden, "start", true, from, to);
            float[] ends = part(golden, "end", true, from, to);
            float[] both = new float[2 * starts.length];
            for (int i = 0; i < starts.length; i++) {
                both[2 * i] = starts[i];
                both[2 * i + 1] = ends[i];
            }
            assertThat(difference(tokens, both)).isLessThanOrEqualTo(TOLERANCE);
            return;
        }
        boolean perToken = rows.length == 0;
        assertThat(difference(perToken ? tokens : rows, part(golden, "logits", perToken, from, to)))
                .isLessThanOrEqualTo(TOLERANCE);
    }

    private static float[] part(GoldenModel golden, String name, boolean perToken, int from, int to) {
        float[] values = golden.floats(name);
        TokenBatch all = golden.batch();
        int width = values.length / (perToken ? all.totalTokens() : all.size());
        int first = perToken ? all.offset(from) : from;
        int last = perToken ? all.offset(to - 1) + all.length(to - 1) : to;
        return Arrays.copyOfRange(values, first * width, last * width);
    }

    private static float difference(float[] found, float[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        float worst = 0;
        for (int i = 0; i < found.length; i++) {
            float d = Math.abs(found[i] - expected[i]);
            worst = d <= worst ? worst : d; // NaN is worst
        }
        return worst;
    }
}
