package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a Llama model, or of a kin that differs in a few switches, from config.json.
 *
 * @param keyHeads heads of keys and values
 * @param headSize width of a head; all heads together may be wider than the hidden size
 * @param intermediate width of the gated feed-forward layer
 * @param maxPositions longest sequence; unit: tokens
 * @param windowLayers for each layer, whether its attention has the window
 * @param window tokens that such a layer attends to, its own included
 * @param projectionBias whether queries, keys and values have a bias
 * @param outputBias whether the output projection of attention has one
 * @param mlpBias whether the feed-forward layer has them
 * @param headNorms whether each head's query and key are normalised
 * @param causal false for models made to look ahead, too, as some embedding models are
 */
public record LlamaSpec(
        int hidden,
        int layers,
        int heads,
        int keyHeads,
        int headSize,
        int intermediate,
        int vocabulary,
        int maxPositions,
        List<Boolean> windowLayers,
        int window,
        RopeSpec rope,
        float rmsNormEps,
        boolean projectionBias,
        boolean outputBias,
        boolean mlpBias,
        boolean headNorms,
        boolean causal,
        Activation activation)
        implements DecoderTrunk {

    /** Decoders that share their layers' arithmetic. */
    public enum Family {
        /** Source: Touvron et al. 2023. */
        LLAMA,
        /** A window over the last tokens. Source: Jiang et al. 2023. */
        MISTRAL,
        /** Biases of queries, keys and values. Source: Yang et al. 2024. */
        QWEN2,
        /** Normalised queries and keys. Source: Yang et al. 2025. */
        QWEN3
    }

    public LlamaSpec {
        windowLayers = List.copyOf(windowLayers);
        ConfigValues.positive("hidden_size", hidden);
        ConfigValues.layerCount("num_hidden_layers", layers);
        ConfigValues.positive("intermediate_size", intermediate);
        ConfigValues.positive("vocab_size", vocabulary);
        ConfigValues.positive("max_position_embeddings", maxPositions);
        ConfigValues.positive("rms_norm_eps", rmsNormEps);
        ConfigValues.layers("layer_types", windowLayers, layers);
        if (windowLayers.contains(true)) {
            ConfigValues.positive("sliding_window", window);
        }
        AttentionSpec.check(heads, keyHeads, headSize, rope);
    }

    /** @throws ModelException if the config is not that of a model of the family */
    static LlamaSpec of(Family family, JsonNode config) {
        int hidden = ConfigValues.integer(config, "hidden_size");
        int layers = ConfigValues.integer(config, "num_hidden_layers");
        int heads = ConfigValues.integer(config, "num_attention_heads");
        ConfigValues.layerCount("num_hidden_layers", layers);
        ConfigValues.positive("num_attention_heads", heads);
        int maxPositions = ConfigValues.integer(config, "max_position_embeddings");
        boolean biased = ConfigValues.flag(config, "attention_bias", false);
        return new LlamaSpec(
                hidden,
                layers,
                heads,
                ConfigValues.integer(config, "num_key_value_heads", heads),
                ConfigValues.integer(config, "head_dim", family == Family.QWEN3 ? 128 : hidden / heads),
                ConfigValues.integer(config, "intermediate_size"),
                ConfigValues.integer(config, "vocab_size"),
                maxPositions,
                windowLayers(family, config, layers),
                ConfigValues.integer(config, "sliding_window", 4096),
                RopeSpec.of(config, 10_000, maxPositions),
                (float) ConfigValues.number(config, "rms_norm_eps", 1e-6),
                switch (family) {
                    case LLAMA, QWEN3 -> biased;
                    case MISTRAL -> false;
                    case QWEN2 -> true;
                },
                (family == Family.LLAMA || family == Family.QWEN3) && biased,
                family == Family.LLAMA && ConfigValues.flag(config, "mlp_bias", false),
                family == Family.QWEN3,
                ConfigValues.flag(config, "is_causal", true),
                Activation.byName("hidden_act", ConfigValues.text(config, "hidden_act", "silu")));
    }

    private static List<Boolean> windowLayers(Family family, JsonNode config, int layers) {
        boolean sized = !config.path("sliding_window").isNull();
        return switch (family) {
            case LLAMA -> Collections.nCopies(layers, false);
            case MISTRAL -> Collections.nCopies(layers, sized);
            case QWEN2, QWEN3 -> {
                if (config.path("layer_types").isArray()) {
                    yield ConfigValues.slidingLayers(config);
                }
                boolean used = sized && ConfigValues.flag(config, "use_sliding_window", false);
                int first = ConfigValues.integer(config, "max_window_layers", 28);
                yield IntStream.range(0, layers)
                        .mapToObj(i -> used && i >= first)
                        .toList();
            }
        };
    }

    @Override
    public int typeVocabulary() {
        return 0;
    }

    @Override
    public AttentionSpec attention(int layer) {
        return new AttentionSpec(
                heads,
                keyHeads,
                headSize,
                AttentionSpec.scale(headSize),
                causal,
                windowLayers.get(layer) ? window - 1 : AttentionSpec.EVERYWHERE,
                rope);
    }

    @Override
    public double flops(int tokens) {
        double h = hidden;
        double attention = 2 * h * heads * headSize + 2 * h * keyHeads * headSize;
        return EncoderSpec.flops(layers, attention + 3 * h * intermediate, heads * headSize, tokens);
    }
}
