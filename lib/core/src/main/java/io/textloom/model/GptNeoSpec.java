package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a GPT-Neo model, from config.json: GPT-2 with windows in some layers and unscaled attention scores. Source: Black et al. 2021.
 *
 * @param innerSize intermediate_size, or 4 * hidden_size where that is null
 * @param localLayers for each layer, whether its attention has the window
 * @param window tokens that such a layer attends to, its own included
 * @param maxPositions longest sequence; unit: tokens
 */
public record GptNeoSpec(
        int hidden,
        int layers,
        int heads,
        int innerSize,
        int vocabulary,
        int maxPositions,
        List<Boolean> localLayers,
        int window,
        float layerNormEpsilon,
        Activation activation)
        implements GptSpec {
    public GptNeoSpec {
        localLayers = List.copyOf(localLayers);
        ConfigValues.heads("hidden_size", hidden, "num_heads", heads);
        ConfigValues.layerCount("num_layers", layers);
        ConfigValues.positive("intermediate_size", innerSize);
        ConfigValues.positive("vocab_size", vocabulary);
        ConfigValues.positive("max_position_embeddings", maxPositions);
        ConfigValues.positive("window_size", window);
        ConfigValues.positive("layer_norm_epsilon", layerNormEpsilon);
        ConfigValues.layers("attention_types", localLayers, layers);
    }

    /** @throws ModelException if the config is not that of a GPT-Neo model */
    static GptNeoSpec of(JsonNode config) {
        int hidden = ConfigValues.integer(config, "hidden_size");
        return new GptNeoSpec(
                hidden,
                ConfigValues.integer(config, "num_layers"),
                ConfigValues.integer(config, "num_heads"),
                ConfigValues.integer(config, "intermediate_size", 4 * hidden),
                ConfigValues.integer(config, "vocab_size"),
                ConfigValues.integer(config, "max_position_embeddings"),
                localLayers(config.path("attention_types")),
                ConfigValues.integer(config, "window_size", 256),
                (float) ConfigValues.number(config, "layer_norm_epsilon", 1e-5),
                Activation.byName("activation_function", ConfigValues.text(config, "activation_function", "gelu_new")));
    }

    /** {@code [[["global", "local"], 12]]} is twelve times a global layer and a local one. */
    private static List<Boolean> localLayers(JsonNode types) {
        List<Boolean> local = new ArrayList<>();
        for (JsonNode repeated : types) {
            for (int i = 0; i < repeats(repeated); i++) {
                for (JsonNode kind : repeated.path(0)) {
                    if (!kind.asText().equals("global") && !kind.asText().equals("local")) {
                        throw new ModelException("config.json has attention_types " + types
                                + "; expected the names global and local, each list with how often it is repeated");
                    }
                    local.add(kind.asText().equals("local"));
                    ConfigValues.layerCount("attention_types", local.size());
                }
            }
        }
        return local;
    }

    private static int repeats(JsonNode repeated) {
        JsonNode times = repeated.path(1);
        if (!times.isInt()) {
            throw new ModelException(
                    "config.json has attention_types with " + times + " as a number of repeats; expected an integer");
        }
        return ConfigValues.layerCount("attention_types", times.intValue());
    }

    @Override
    public AttentionSpec attention(int layer) {
        AttentionSpec unscaled = AttentionSpec.plain(hidden, heads, true).withScale(1);
        return localLayers.get(layer) ? unscaled.withReach(window - 1) : unscaled;
    }
}
