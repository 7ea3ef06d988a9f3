package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The shape of the first GPT, from config.json: post-norm layers. Source: Radford et al. 2018.
 *
 * @param maxPositions longest sequence; unit: tokens
 */
public record OpenAiGptSpec(
        int hidden,
        int layers,
        int heads,
        int vocabulary,
        int maxPositions,
        float layerNormEpsilon,
        Activation activation)
        implements GptSpec {
    public OpenAiGptSpec {
        ConfigValues.heads("n_embd", hidden, "n_head", heads);
        ConfigValues.layerCount("n_layer", layers);
        ConfigValues.positive("vocab_size", vocabulary);
        ConfigValues.positive("n_positions", maxPositions);
        ConfigValues.positive("layer_norm_epsilon", layerNormEpsilon);
    }

    /** @throws ModelException if the config is not that of such a model */
    static OpenAiGptSpec of(JsonNode config) {
        String activation = ConfigValues.text(config, "afn", "gelu");
        return new OpenAiGptSpec(
                ConfigValues.integer(config, "n_embd"),
                ConfigValues.integer(config, "n_layer"),
                ConfigValues.integer(config, "n_head"),
                ConfigValues.integer(config, "vocab_size"),
                ConfigValues.integer(config, "n_positions"),
                (float) ConfigValues.number(config, "layer_norm_epsilon", 1e-5),
                // here "gelu" has always meant the tanh approximation
                activation.equals("gelu") ? Activation.GELU_TANH : Activation.byName("afn", activation));
    }

    @Override
    public int innerSize() {
        return 4 * hidden;
    }

    @Override
    public AttentionSpec attention(int layer) {
        return AttentionSpec.plain(hidden, heads, true);
    }
}
