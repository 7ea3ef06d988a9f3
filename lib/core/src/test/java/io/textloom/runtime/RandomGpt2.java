package io.textloom.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.model.DecoderSpec;
import io.textloom.model.Safetensors;
import io.textloom.model.Safetensors.FloatTensor;
import io.textloom.model.Weights;
import io.textloom.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * An untrained GPT-2 of any shape. Every weight is a whole multiple of 2^-10 drawn uniformly, matrices and embeddings from ±160/1024, biases
 * from ±64/1024, norm weights around 1; all are exact in float16. The weights are wide enough that the next token is far from uniform.
 */
public record RandomGpt2(
        int hidden, int layers, int heads, int positions, int vocabulary, boolean tied, String prefix, long seed) {
    public static RandomGpt2 small() {
        return new RandomGpt2(64, 2, 2, 160, 259, true, "transformer.", 7);
    }

    public ObjectNode config() {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.put("model_type", "gpt2").put("n_embd", hidden).put("n_layer", layers);
        config.put("n_head", heads).put("n_positions", positions).put("vocab_size", vocabulary);
        config.putNull("n_inner").put("layer_norm_epsilon", 1e-5);
        config.put("activation_function", "gelu_new").put("tie_word_embeddings", tied);
        return config;
    }

    public DecoderSpec spec() {
        return spec(config());
    }

    public DecoderSpec spec(JsonNode config) {
        return DecoderSpec.of(config, config);
    }

    /** Tensors by their unprefixed names. */
    public Map<String, FloatTensor> tensors() {
        Map<String, FloatTensor> t = new LinkedHashMap<>();
        SplittableRandom random = new SplittableRandom(seed);
        add(t, random, "wte.weight", 160, 0, vocabulary, hidden);
        add(t, random, "wpe.weight", 160, 0, positions, hidden);
        for (int i = 0; i < layers; i++) {
            String h = "h." + i + ".";
            norm(t, random, h + "ln_1");
            add(t, random, h + "attn.c_attn.weight", 160, 0, hidden, 3 * hidden);
            add(t, random, h + "attn.c_attn.bias", 64, 0, 3 * hidden);
            add(t, random, h + "attn.c_proj.weight", 160, 0, hidden, hidden);
            add(t, random, h + "attn.c_proj.bias", 64, 0, hidden);
            norm(t, random, h + "ln_2");
            add(t, random, h + "mlp.c_fc.weight", 160, 0, hidden, 4 * hidden);
            add(t, random, h + "mlp.c_fc.bias", 64, 0, 4 * hidden);
            add(t, random, h + "mlp.c_proj.weight", 160, 0, 4 * hidden, hidden);
            add(t, random, h + "mlp.c_proj.bias", 64, 0, hidden);
        }
        norm(t, random, "ln_f");
        if (!tied) {
            add(t, random, "lm_head.weight", 160, 0, vocabulary, hidden);
        }
        return t;
    }

    /** Writes config.json and model.safetensors. */
    public Path write(Path folder) throws IOException {
        return write(folder, tensors());
    }

    /** Writes other weights of the same names and shapes. */
    public Path write(Path folder, Map<String, FloatTensor> tensors) throws IOException {
        Files.createDirectories(folder);
        Map<String, FloatTensor> prefixed = new LinkedHashMap<>();
        tensors.forEach((name, t) -> prefixed.put(name.startsWith("lm_head") ? name : prefix + name, t));
        Safetensors.write(folder.resolve("model.safetensors"), prefixed, Map.of("format", "pt"));
        Files.writeString(folder.resolve("config.json"), config().toString());
        return folder;
    }

    public DecoderSession open(Path folder) throws IOException {
        return open(folder, Precision.FLOAT32);
    }

    public DecoderSession open(Path folder, Precision precision) throws IOException {
        return open(folder, precision, Device.CPU);
    }

    public DecoderSession open(Path folder, Precision precision, Device device) throws IOException {
        write(folder);
        return DecoderSession.open(spec(), Weights.open(folder), precision, device, 1);
    }

    private void norm(Map<String, FloatTensor> t, SplittableRandom random, String name) {
        add(t, random, name + ".weight", 256, 1024, hidden);
        add(t, random, name + ".bias", 64, 0, hidden);
    }

    /** Values (centre + n) / 1024 with n uniform in [-spread, spread]. */
    private static void add(
            Map<String, FloatTensor> t, SplittableRandom random, String name, int spread, int centre, int... shape) {
        int n = 1;
        Long[] dimensions = new Long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            n *= shape[i];
            dimensions[i] = (long) shape[i];
        }
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (centre + random.nextInt(2 * spread + 1) - spread) / 1024f;
        }
        t.put(name, new FloatTensor(values, List.of(dimensions)));
    }
}
