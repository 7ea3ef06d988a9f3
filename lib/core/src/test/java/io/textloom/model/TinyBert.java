package io.textloom.model;

import io.textloom.model.Safetensors.FloatTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An untrained BERT of 2 layers, width 16, 50 ids and 40 positions; the same seed gives the same weights. */
public final class TinyBert {
    public static final int HIDDEN = 16;
    public static final int LAYERS = 2;
    public static final int HEADS = 4;
    public static final int INTERMEDIATE = 24;
    public static final int VOCABULARY = 50;
    public static final int POSITIONS = 40;

    private TinyBert() {}

    public static Map<String, FloatTensor> weights(long seed) {
        Random random = new Random(seed);
        Map<String, FloatTensor> w = new LinkedHashMap<>();
        put(w, random, "embeddings.word_embeddings.weight", VOCABULARY, HIDDEN);
        put(w, random, "embeddings.position_embeddings.weight", POSITIONS, HIDDEN);
        put(w, random, "embeddings.token_type_embeddings.weight", 2, HIDDEN);
        put(w, random, "embeddings.LayerNorm.weight", HIDDEN);
        put(w, random, "embeddings.LayerNorm.bias", HIDDEN);
        for (int layer = 0; layer < LAYERS; layer++) {
            String p = "encoder.layer." + layer + ".";
            for (String name : List.of("attention.self.query", "attention.self.key", "attention.self.value")) {
                linear(w, random, p + name, HIDDEN, HIDDEN);
            }
            linear(w, random, p + "attention.output.dense", HIDDEN, HIDDEN);
            put(w, random, p + "attention.output.LayerNorm.weight", HIDDEN);
            put(w, random, p + "attention.output.LayerNorm.bias", HIDDEN);
            linear(w, random, p + "intermediate.dense", INTERMEDIATE, HIDDEN);
            linear(w, random, p + "output.dense", HIDDEN, INTERMEDIATE);
            put(w, random, p + "output.LayerNorm.weight", HIDDEN);
            put(w, random, p + "output.LayerNorm.bias", HIDDEN);
        }
        return w;
    }

    public static String config(String activation) {
        return """
                {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": %d, "num_hidden_layers": %d,
                 "num_attention_heads": %d, "intermediate_size": %d, "vocab_size": %d, "max_position_embeddings": %d,
                 "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "%s"}
                """.formatted(HIDDEN, LAYERS, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS, activation);
    }

    /** Writes config.json and model.safetensors, and gives the folder back. */
    public static Path write(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config("gelu"));
        Safetensors.write(folder.resolve("model.safetensors"), weights(seed), Map.of());
        return folder;
    }

    private static void linear(Map<String, FloatTensor> w, Random random, String name, int out, int in) {
        put(w, random, name + ".weight", out, in);
        put(w, random, name + ".bias", out);
    }

    private static void put(Map<String, FloatTensor> w, Random random, String name, int... shape) {
        int n = 1;
        for (int d : shape) {
            n *= d;
        }
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (0.3 * random.nextGaussian() + (name.endsWith("LayerNorm.weight") ? 1 : 0));
        }
        List<Long> dims = new java.util.ArrayList<>();
        for (int d : shape) {
            dims.add((long) d);
        }
        w.put(name, new FloatTensor(values, dims));
    }
}
