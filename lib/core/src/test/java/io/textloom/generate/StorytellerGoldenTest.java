package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.model.Gpt2Spec;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.model.Safetensors;
import io.textloom.model.TensorInfo;
import io.textloom.runtime.DecodeState;
import io.textloom.runtime.DecoderSession;
import io.textloom.runtime.OnnxImport;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** The demo GPT against transformers; the files say by which versions they were made. */
class StorytellerGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final int[] LENGTHS = {1, 7, 33, 100, 300};

    private final ModelFolder folder = storyteller();
    private final Gpt2Spec spec = Gpt2Spec.of(folder.config(), folder.generationConfig());

    @Test
    void logitsEqualThoseOfTransformers() throws IOException {
        Map<String, TensorInfo> tensors = Safetensors.read(GOLDEN.resolve("storyteller-logits.safetensors"));
        try (DecoderSession session = open();
                DecodeState state = session.newState(4, 512)) {
            for (int length : LENGTHS) {
                int[] ids = readIds(tensors.get("ids_" + length));
                float[] expected = Safetensors.readFloats(tensors.get("logits_" + length));
                int positions = expected.length / spec.vocabularySize();
                for (int p = 0; p < positions; p++) {
                    float[] logits = new float[spec.vocabularySize()];
                    state.prefill(2, ids, length - positions + 1 + p);
                    state.logits(2, logits);
                    state.release(2);
                    for (int t = 0; t < logits.length; t++) {
                        float difference = Math.abs(logits[t] - expected[p * logits.length + t]);
                        assertThat(difference)
                                .as("%d tokens, token %d", length, t)
                                .isLessThanOrEqualTo(1e-3f);
                    }
                }
            }
        }
    }

    @Test
    void fiftyGreedyContinuationsAreTheSameTokenForToken() throws IOException {
        List<JsonNode> rows = rows();
        try (DecoderSession session = open();
                DecodeState state = session.newState(16, 128)) {
            for (JsonNode row : rows) {
                int[] prompt = ints(row.get("prompt_ids"));
                int[] expected = ints(row.get("continuation_ids"));
                int[] found = new int[expected.length];
                float[] logits = new float[spec.vocabularySize()];
                int[] next = new int[16];
                state.prefill(3, prompt, prompt.length);
                for (int i = 0; i < found.length; i++) {
                    state.logits(3, logits);
                    for (int t = 1; t < logits.length; t++) {
                        found[i] = logits[t] > logits[found[i]] ? t : found[i];
                    }
                    if (i + 1 < found.length) {
                        next[3] = found[i];
                        state.decode(next);
                    }
                }
                state.release(3);
                assertThat(found).as(row.get("prompt").asText()).isEqualTo(expected);
            }
        }
    }

    @Test
    void theGeneratorWritesTheSameTexts() throws IOException {
        List<JsonNode> rows = rows();
        GenerateOptions options = TestOptions.of(48, 0, 0, 1, 0, 1, List.of(), LongPrompts.TRUNCATE, 16);
        List<GenerateRequest> requests = new ArrayList<>();
        for (JsonNode row : rows) {
            requests.add(new GenerateRequest(
                    requests.size(), row.get("id").asText(), row.get("prompt").asText()));
        }
        try (GenerativeModel model = TestOptions.open(
                        spec, folder.weights().orElseThrow(), folder.path(), Tokenizers.open(folder.tokenizer()), 1);
                Generator generator = model.newGenerator(options)) {
            Iterator<GenerateOutcome> outcomes = generator.generate(requests.iterator(), new GenerateStats());
            for (JsonNode row : rows) {
                Generated generated = (Generated) outcomes.next();
                assertThat(generated.completion()).isEqualTo(row.get("text").asText());
                assertThat(generated.completionTokens())
                        .isEqualTo(row.get("continuation_ids").size());
            }
            assertThat(outcomes.hasNext()).isFalse();
        }
    }

    @Test
    void promptsAreTokenizedAsByTransformers() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.open(folder.tokenizer())) {
            for (JsonNode row : rows()) {
                assertThat(tokenizer.encode(row.get("prompt").asText())).isEqualTo(ints(row.get("prompt_ids")));
            }
        }
    }

    private DecoderSession open() {
        return DecoderSession.open(spec, folder.weights().orElseThrow(), folder.path(), 1);
    }

    private static ModelFolder storyteller() {
        ModelStore store = OnnxImport.store();
        Configuration conf = new Configuration();
        return store.localise(store.resolve("storyteller", conf), conf);
    }

    /** The rows after the line of metadata. */
    private static List<JsonNode> rows() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(GOLDEN.resolve("storyteller-greedy.jsonl"))) {
            rows.add(new ObjectMapper().readTree(line));
        }
        assertThat(rows).hasSize(51);
        return rows.subList(1, rows.size());
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        Arrays.setAll(values, i -> array.get(i).asInt());
        return values;
    }

    private static int[] readIds(TensorInfo tensor) throws IOException {
        byte[] bytes = Files.readAllBytes(tensor.file());
        ByteBuffer data = ByteBuffer.wrap(bytes, Math.toIntExact(tensor.offset()), Math.toIntExact(tensor.length()))
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        int[] ids = new int[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.toIntExact(data.getLong(8 * i));
        }
        return ids;
    }
}
