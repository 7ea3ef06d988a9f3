package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The shape of an encoder that Textloom has no graph for and runs from its ONNX file, as far as config.json tells.
 *
 * @param intermediate width of the feed-forward layer; for {@link #flops} alone
 */
public record OnnxSpec(int hidden, int layers, int intermediate, int vocabulary, int maxPositions, int typeVocabulary)
        implements EncoderSpec {
    public OnnxSpec {
        ConfigValues.positive("hidden_size", hidden);
        ConfigValues.layerCount("num_hidden_layers", layers);
        ConfigValues.positive("intermediate_size", intermediate);
        ConfigValues.positive("vocab_size", vocabulary);
        ConfigValues.positive("max_position_embeddings", maxPositions);
        ConfigValues.notNegative("type_vocab_size", typeVocabulary);
    }

    static OnnxSpec of(JsonNode config) {
        int hidden = first(config, "hidden_size", "d_model", "dim", "n_embd");
        return new OnnxSpec(
                hidden,
                first(config, "num_hidden_layers", "num_layers", "n_layers", "n_layer"),
                ConfigValues.integer(config, "intermediate_size", 4 * hidden),
                ConfigValues.integer(config, "vocab_size"),
                ConfigValues.integer(
                        config, "max_position_embeddings", ConfigValues.integer(config, "n_positions", 512)),
                ConfigValues.integer(config, "type_vocab_size", 0));
    }

    /** Families name the same thing differently. */
    private static int first(JsonNode config, String... keys) {
        for (String key : keys) {
            if (config.path(key).isInt()) {
                return config.path(key).intValue();
            }
        }
        return ConfigValues.integer(config, keys[0]);
    }

    @Override
    public double flops(int tokens) {
        double h = hidden;
        return EncoderSpec.flops(layers, 4 * h * h + 2 * h * intermediate, hidden, tokens);
    }
}
