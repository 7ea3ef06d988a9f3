package io.textloom.bench.gpu;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.bench.Json;
import io.textloom.model.Activation;
import io.textloom.model.BertSpec;
import io.textloom.model.Safetensors;
import io.textloom.model.Safetensors.FloatTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * An untrained BERT: as fast as a trained one, and made where it is needed, so that no weights travel. The same seed gives the same weights.
 *
 * <p>Values spread more than those of a fresh training run, so that attention is not even and half precision has something to lose.
 */
final class RandomBert {
    private static final double SPREAD = 0.05;

    private final BertSpec spec;
    private final SplittableRandom random;
    private final Map<String, FloatTensor> tensors = new LinkedHashMap<>();

    private RandomBert(BertSpec spec, long seed) {
        this.spec = spec;
        this.random = new SplittableRandom(seed);
    }

    /** Shapes to choose from. */
    enum Shape {
        /** BERT-base. Source: Devlin et al. 2019 §3. */
        BASE(768, 12, 12, 3072, 30522, 512),
        /** So small that the check itself can be tried on any machine. */
        TOY(64, 2, 4, 128, 1000, 512);

        final BertSpec spec;

        Shape(int hidden, int layers, int heads, int intermediate, int vocabulary, int positions) {
            spec = new BertSpec(
                    BertSpec.Family.BERT,
                    hidden,
                    layers,
                    heads,
                    intermediate,
                    vocabulary,
                    positions,
                    0,
                    2,
                    0,
                    1e-12f,
                    Activation.GELU);
        }
    }

    /** Writes config.json and model.safetensors. */
    static void write(Path folder, BertSpec spec, long seed) throws IOException {
        ObjectNode config = Json.MAPPER
                .createObjectNode()
                .put("model_type", "bert")
                .put("hidden_size", spec.hidden())
                .put("num_hidden_layers", spec.layers())
                .put("num_attention_heads", spec.heads())
                .put("intermediate_size", spec.intermediate())
                .put("vocab_size", spec.vocabulary())
                .put("max_position_embeddings", spec.maxPositions())
                .put("type_vocab_size", spec.typeVocabulary())
                .put("layer_norm_eps", spec.layerNormEps())
                .put("hidden_act", "gelu");
        config.putArray("architectures").add("BertModel");
        Files.writeString(folder.resolve("config.json"), config.toString());
        RandomBert bert = new RandomBert(spec, seed);
        bert.fill();
        Safetensors.write(folder.resolve("model.safetensors"), bert.tensors, Map.of("format", "pt"));
    }

    private void fill() {
        int hidden = spec.hidden();
        add("embeddings.word_embeddings.weight", 0, spec.vocabulary(), hidden);
        add("embeddings.position_embeddings.weight", 0, spec.maxPositions(), hidden);
        add("embeddings.token_type_embeddings.weight", 0, spec.typeVocabulary(), hidden);
        norm("embeddings.LayerNorm");
        for (int layer = 0; layer < spec.layers(); layer++) {
            String prefix = "encoder.layer." + layer + ".";
            for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
                linear(prefix + "attention." + name, hidden, hidden);
            }
            norm(prefix + "attention.output.LayerNorm");
            linear(prefix + "intermediate.dense", spec.intermediate(), hidden);
            linear(prefix + "output.dense", hidden, spec.intermediate());
            norm(prefix + "output.LayerNorm");
        }
    }

    private void linear(String name, int out, int in) {
        add(name + ".weight", 0, out, in);
        add(name + ".bias", 0, out);
    }

    private void norm(String name) {
        add(name + ".weight", 1, spec.hidden());
        add(name + ".bias", 0, spec.hidden());
    }

    private void add(String name, float centre, int... shape) {
        int count = 1;
        Long[] dimensions = new Long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            dimensions[i] = (long) shape[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = centre + (float) (SPREAD * random.nextGaussian());
        }
        tensors.put(name, new FloatTensor(values, List.of(dimensions)));
    }
}
