package io.textloom.bench.micro;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.bench.Json;
import io.textloom.model.DecoderSpec;
import io.textloom.model.Safetensors;
import io.textloom.model.Safetensors.FloatTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Untrained GPT-2 weights of a given shape: as fast as trained ones, and at hand everywhere. */
public final class RandomDecoder {
    private static final int POSITIONS = 1024;
    private static final int VOCABULARY = 50257;
    private static final float SCALE = 0.02f;

    private final int hidden;
    private final int layers;
    /** Spread of the matrices between embeddings. */
    private final float linearScale;

    private final SplittableRandom random = new SplittableRandom(3);
    private final Map<String, FloatTensor> tensors = new LinkedHashMap<>();

    private RandomDecoder(int hidden, int layers, float linearScale) {
        this.hidden = hidden;
        this.layers = layers;
        this.linearScale = linearScale;
    }

    public static DecoderSpec spec(int hidden, int layers) {
        ObjectNode config = config(hidden, layers);
        return DecoderSpec.of(config, config);
    }

    /** {@code config.json} without an end token: random weights know no end. */
    public static ObjectNode config(int hidden, int layers) {
        return Json.MAPPER
                .createObjectNode()
                .put("model_type", "gpt2")
                .put("n_embd", hidden)
                .put("n_layer", layers)
                .put("n_head", hidden / 64)
                .put("n_positions", POSITIONS)
                .put("vocab_size", VOCABULARY);
    }

    /** Writes {@code model.safetensors}. */
    public static void write(Path folder, int hidden, int layers) throws IOException {
        write(folder, new RandomDecoder(hidden, layers, SCALE));
    }

    /** The same with matrices so wide that greedy texts do not end in repeating one token; the wider the shorter vectors are. */
    public static void writeLively(Path folder, int hidden, int layers) throws IOException {
        write(folder, new RandomDecoder(hidden, layers, 4 * SCALE * (float) Math.sqrt(768.0 / hidden)));
    }

    private static void write(Path folder, RandomDecoder decoder) throws IOException {
        decoder.fill();
        Safetensors.write(folder.resolve("model.safetensors"), decoder.tensors, Map.of("format", "pt"));
    }

    private void fill() {
        add("wte.weight", 0, SCALE, VOCABULARY, hidden);
        add("wpe.weight", 0, SCALE, POSITIONS, hidden);
        for (int i = 0; i < layers; i++) {
            String layer = "h." + i + ".";
            norm(layer + "ln_1");
            linear(layer + "attn.c_attn", hidden, 3 * hidden);
            linear(layer + "attn.c_proj", hidden, hidden);
            norm(layer + "ln_2");
            linear(layer + "mlp.c_fc", hidden, 4 * hidden);
            linear(layer + "mlp.c_proj", 4 * hidden, hidden);
        }
        norm("ln_f");
    }

    private void linear(String name, int inner, int width) {
        add(name + ".weight", 0, linearScale, inner, width);
        add(name + ".bias", 0, SCALE, width);
    }

    private void norm(String name) {
        add(name + ".weight", 1, SCALE, hidden);
        add(name + ".bias", 0, SCALE, hidden);
    }

    private void add(String name, float centre, float spread, int... shape) {
        int count = 1;
        Long[] dimensions = new Long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            dimensions[i] = (long) shape[i];
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = centre + spread * (float) (2 * random.nextDouble() - 1);
        }
        tensors.put("transformer." + name, new FloatTensor(values, List.of(dimensions)));
    }
}
