package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The shape of a GPT-2 model, from {@code config.json}.
 *
 * @param hiddenSize n_embd
 * @param layers n_layer
 * @param heads n_head
 * @param innerSize width of the feed-forward layer: n_inner, or 4 * n_embd where that is null
 * @param positions n_positions, the longest context; unit: tokens
 * @param scaleByHeadSize scale_attn_weights: attention scores are divided by the square root of the head size
 * @param scaleByLayer scale_attn_by_inverse_layer_idx: they are also divided by the layer's number, counted from 1
 * @param tiedHead tie_word_embeddings: the token embeddings are also the output head
 * @param eosIds tokens that end a text; empty if the model names none
 */
public record Gpt2Spec(
        int hiddenSize,
        int layers,
        int heads,
        int innerSize,
        int positions,
        int vocabularySize,
        float layerNormEpsilon,
        boolean scaleByHeadSize,
        boolean scaleByLayer,
        boolean tiedHead,
        List<Integer> eosIds)
        implements GptSpec {
    /** All names of the tanh approximation of GELU. */
    private static final Set<String> ACTIVATIONS = Set.of("gelu_new", "gelu_pytorch_tanh", "gelu_fast");

    public Gpt2Spec {
        eosIds = List.copyOf(eosIds);
        requirePositive("n_embd", hiddenSize);
        requirePositive("n_layer", layers);
        requirePositive("n_head", heads);
        requirePositive("n_inner", innerSize);
        requirePositive("n_positions", positions);
        requirePositive("vocab_size", vocabularySize);
        if (hiddenSize % heads != 0 || hiddenSize / heads % 8 != 0) {
            throw new ModelException("config.json has n_embd=" + hiddenSize + " and n_head=" + heads
                    + "; expected heads whose size n_embd / n_head is a multiple of 8");
        }
        if (!(layerNormEpsilon > 0)) {
            throw new ModelException(
                    "config.json has layer_norm_epsilon=" + layerNormEpsilon + "; expected a number above 0");
        }
        for (int id : eosIds) {
            if (id < 0 || id >= vocabularySize) {
                throw new ModelException("eos_token_id " + id + " is not among the " + vocabularySize
                        + " tokens of the model; correct generation_config.json or config.json");
            }
        }
    }

    /** Reads {@code config.json} alone. */
    public static Gpt2Spec of(JsonNode config) {
        return of(config, config);
    }

    /** Reads {@code config.json}; the end tokens are those of {@code generation_config.json} where that names any. */
    public static Gpt2Spec of(JsonNode config, JsonNode generationConfig) {
        String type = config.path("model_type").asText("gpt2");
        if (!type.equals("gpt2")) {
            throw new ModelException("config.json has model_type=" + type + "; generation expects a gpt2 model");
        }
        String activation = config.path("activation_function").asText("gelu_new");
        if (!ACTIVATIONS.contains(activation)) {
            throw new ModelException("config.json has activation_function=" + activation + "; expected one of "
                    + String.join(", ", ACTIVATIONS.stream().sorted().toList()));
        }
        if (config.path("add_cross_attention").asBoolean(false)) {
            throw new ModelException("config.json has add_cross_attention=true; expected a decoder-only model");
        }
        int hiddenSize = required(config, "n_embd");
        List<Integer> eosIds = ids(generationConfig.path("eos_token_id"));
        return new Gpt2Spec(
                hiddenSize,
                required(config, "n_layer"),
                required(config, "n_head"),
                config.path("n_inner").asInt(4 * hiddenSize),
                config.path("n_positions").asInt(config.path("n_ctx").asInt(0)),
                required(config, "vocab_size"),
                (float) config.path("layer_norm_epsilon").asDouble(1e-5),
                config.path("scale_attn_weights").asBoolean(true),
                config.path("scale_attn_by_inverse_layer_idx").asBoolean(false),
                config.path("tie_word_embeddings").asBoolean(true),
                eosIds.isEmpty() ? ids(config.path("eos_token_id")) : eosIds);
    }

    /** Width of one attention head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    @Override
    public int hidden() {
        return hiddenSize;
    }

    @Override
    public int vocabulary() {
        return vocabularySize;
    }

    @Override
    public int maxPositions() {
        return positions;
    }

    /** All names that are taken mean this one. */
    @Override
    public Activation activation() {
        return Activation.GELU_TANH;
    }

    @Override
    public AttentionSpec attention(int layer) {
        return AttentionSpec.plain(hiddenSize, heads, true).withScale(attentionScale(layer));
    }

    /** The factor on the attention scores of a layer, counted from 0. */
    public float attentionScale(int layer) {
        double scale = scaleByHeadSize ? 1 / Math.sqrt(headSize()) : 1;
        return (float) (scaleByLayer ? scale / (layer + 1) : scale);
    }

    private static int required(JsonNode config, String key) {
        JsonNode value = config.path(key);
        if (!value.isIntegralNumber()) {
            throw new ModelException("config.json has " + key + "=" + (value.isMissingNode() ? "(absent)" : value)
                    + "; expected a positive integer, as in a Hugging Face GPT-2 folder");
        }
        return value.asInt();
    }

    /** One id or a list of ids. */
    private static List<Integer> ids(JsonNode node) {
        List<Integer> ids = new ArrayList<>();
        if (node.isIntegralNumber()) {
            ids.add(node.asInt());
        }
        for (JsonNode id : node) {
            ids.add(id.asInt());
        }
        return ids;
    }

    private static void requirePositive(String key, int value) {
        if (value <= 0) {
            throw new ModelException("config.json has " + key + "=" + value + "; expected a positive integer");
        }
    }
}
