package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a ModernBERT encoder, from config.json. Source: Warner et al. 2024.
 *
 * @param intermediate width of the gated feed-forward layer
 * @param maxPositions longest sequence; unit: tokens
 * @param localLayers for each layer, whether its attention has the window
 * @param localAttention width of the window, half of it to either side; unit: tokens
 * @param globalRope positions of layers without the window
 * @param localRope positions of layers with it
 * @param normBias whether normalisations add a bias
 * @param attentionBias whether the linear layers of attention do
 * @param mlpBias whether those of the feed-forward layer do
 */
public record ModernBertSpec(
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int vocabulary,
        int maxPositions,
        List<Boolean> localLayers,
        int localAttention,
        RopeSpec globalRope,
        RopeSpec localRope,
        float normEps,
        boolean normBias,
        boolean attentionBias,
        boolean mlpBias,
        Activation activation)
        implements EncoderSpec {
    private static final double GLOBAL_THETA = 160_000;
    private static final double LOCAL_THETA = 10_000;

    public ModernBertSpec {
        localLayers = List.copyOf(localLayers);
        ConfigValues.heads("hidden_size", hidden, "num_attention_heads", heads);
        ConfigValues.layerCount("num_hidden_layers", layers);
        ConfigValues.positive("intermediate_size", intermediate);
        ConfigValues.positive("vocab_size", vocabulary);
        ConfigValues.positive("max_position_embeddings", maxPositions);
        ConfigValues.positive("local_attention", localAttention);
        ConfigValues.positive("norm_eps", normEps);
        ConfigValues.layers("layer_types", localLayers, layers);
        AttentionSpec.check(heads, heads, hidden / heads, globalRope);
    }

    /** @throws ModelException if the config is not that of a ModernBERT encoder */
    static ModernBertSpec of(JsonNode config) {
        int layers = ConfigValues.integer(config, "num_hidden_layers");
        int maxPositions = ConfigValues.integer(config, "max_position_embeddings");
        double globalTheta = ConfigValues.number(config, "global_rope_theta", GLOBAL_THETA);
        JsonNode local = config.path("local_rope_theta");
        return new ModernBertSpec(
                ConfigValues.integer(config, "hidden_size"),
                layers,
                ConfigValues.integer(config, "num_attention_heads"),
                ConfigValues.integer(config, "intermediate_size"),
                ConfigValues.integer(config, "vocab_size"),
                maxPositions,
                localLayers(config, layers),
                ConfigValues.integer(config, "local_attention", 128),
                rope(config, "full_attention", globalTheta, maxPositions),
                // null once meant the global one
                rope(
                        config,
                        "sliding_attention",
                        ConfigValues.number(config, "local_rope_theta", local.isNull() ? globalTheta : LOCAL_THETA),
                        maxPositions),
                (float) ConfigValues.number(config, "norm_eps", 1e-5),
                ConfigValues.flag(config, "norm_bias", false),
                ConfigValues.flag(config, "attention_bias", false),
                ConfigValues.flag(config, "mlp_bias", false),
                Activation.byName("hidden_activation", ConfigValues.text(config, "hidden_activation", "gelu")));
    }

    private static RopeSpec rope(JsonNode config, String kind, double theta, int maxPositions) {
        JsonNode rope = config.path("rope_parameters").path(kind);
        return RopeSpec.of(
                rope.isObject() ? rope : config.path("rope_scaling"),
                ConfigValues.number(rope, "rope_theta", theta),
                maxPositions,
                config);
    }

    /** layer_types, or every n-th layer global. */
    private static List<Boolean> localLayers(JsonNode config, int layers) {
        if (config.path("layer_types").isArray()) {
            return ConfigValues.slidingLayers(config);
        }
        int every = ConfigValues.integer(config, "global_attn_every_n_layers", 3);
        ConfigValues.positive("global_attn_every_n_layers", every);
        ConfigValues.layerCount("num_hidden_layers", layers);
        List<Boolean> local = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            local.add(layer % every != 0);
        }
        return local;
    }

    @Override
    public int typeVocabulary() {
        return 0;
    }

    /** The attention of a layer, counted from 0. */
    public AttentionSpec attention(int layer) {
        AttentionSpec everywhere = AttentionSpec.plain(hidden, heads, false);
        return localLayers.get(layer)
                ? everywhere.withReach(localAttention / 2).withRope(localRope)
                : everywhere.withRope(globalRope);
    }

    @Override
    public double flops(int tokens) {
        double h = hidden;
        return EncoderSpec.flops(layers, 4 * h * h + 3 * h * intermediate, hidden, tokens);
    }
}
