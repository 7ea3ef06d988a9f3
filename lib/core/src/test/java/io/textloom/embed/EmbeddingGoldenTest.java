package io.textloom.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.model.Safetensors;
import io.textloom.model.TensorInfo;
import io.textloom.runtime.OnnxImport;
import io.textloom.tensor.Precision;
import io.textloom.tensor.VectorType;
import io.textloom.token.LongDocuments;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built-in encoders against sentence-transformers; the files say by which versions they were made. */
class EmbeddingGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @ParameterizedTest
    @CsvSource({"all-MiniLM-L6-v2, minilm, 256, 200", "bge-small-zh-v1.5, bge-small-zh, 512, 80"})
    void vectorsEqualThoseOfSentenceTransformers(String model, String golden, int maxTokens, int rows)
            throws IOException {
        List<String> texts = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        for (String line : Files.readAllLines(GOLDEN.resolve(golden + ".jsonl"))) {
            JsonNode row = new ObjectMapper().readTree(line);
            texts.add(row.get("text").asText());
            lengths.add(row.get("n_tokens").asInt());
        }
        TensorInfo tensor =
                Safetensors.read(GOLDEN.resolve(golden + ".safetensors")).get("embeddings");
        float[] expected = Safetensors.readFloats(tensor);
        int dimensions = expected.length / rows;
        assertThat(texts).hasSize(rows);

        ModelStore store = OnnxImport.store();
        Configuration conf = new Configuration();
        ModelFolder folder = store.localise(store.resolve(model, conf), conf);
        EmbedOptions options = new EmbedOptions(
                PoolingOption.MODEL,
                List.of(-1),
                false,
                NormalizeOption.MODEL,
                maxTokens,
                0,
                LongDocuments.ERROR,
                Combine.NONE,
                0,
                "",
                Precision.FLOAT32,
                VectorType.FLOAT32,
                512);
        List<EmbedOutcome> outcomes;
        try (EmbeddingModel opened = EmbeddingModel.open(folder, options, Tokenizers.open(folder.tokenizer()))) {
            assertThat(opened.dimensions()).isEqualTo(dimensions);
            outcomes = new Embedder(opened).embed(texts, new EmbedStats());
        }
        for (int i = 0; i < rows; i++) {
            ChunkVector chunk =
                    ((EmbedOutcome.Embedded) outcomes.get(i)).chunks().get(0);
            assertThat(chunk.tokens()).as(texts.get(i)).isEqualTo(lengths.get(i));
            double cosine = 0;
            double squares = 0;
            for (int d = 0; d < dimensions; d++) {
                cosine += chunk.vector()[d] * expected[i * dimensions + d];
                squares += chunk.vector()[d] * chunk.vector()[d];
            }
            assertThat(cosine / Math.sqrt(squares)).as(texts.get(i)).isGreaterThanOrEqualTo(0.99999);
        }
    }
}
