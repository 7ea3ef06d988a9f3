package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The shape of a BERT encoder, from config.json.
 *
 * @param hidden width of the token vectors
 * @param layers number of transformer layers
 * @param heads attention heads per layer
 * @param intermediate width of the feed-forward layer
 * @param vocabulary number of token ids
 * @param maxPositions longest sequence; unit: tokens
 * @param typeVocabulary number of token type ids
 * @param layerNormEps added to the variance
 * @param activation of the feed-forward layer
 */
public record BertSpec(
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int vocabulary,
        int maxPositions,
        int typeVocabulary,
        float layerNormEps,
        Activation activation) {

    /** Feed-forward activations. Source: Hendrycks and Gimpel 2016. */
    public enum Activation {
        /** With the error function. */
        GELU,
        /** With the tanh approximation. */
        GELU_TANH;

        static Activation byName(String name) {
            return switch (name) {
                case "gelu" -> GELU;
                case "gelu_new", "gelu_pytorch_tanh" -> GELU_TANH;
                default ->
                    throw new ModelException("config.json has hidden_act \"" + name
                            + "\"; supported are gelu, gelu_new and gelu_pytorch_tanh");
            };
        }
    }

    public BertSpec {
        positive("hidden_size", hidden);
        positive("num_hidden_layers", layers);
        positive("num_attention_heads", heads);
        positive("intermediate_size", intermediate);
        positive("vocab_size", vocabulary);
        positive("max_position_embeddings", maxPositions);
        positive("type_vocab_size", typeVocabulary);
        if (hidden % heads != 0) {
            throw new ModelException("config.json has hidden_size " + hidden + " and num_attention_heads " + heads
                    + "; expected heads to divide the hidden size");
        }
        if (!(layerNormEps > 0)) {
            throw new ModelException("config.json has layer_norm_eps " + layerNormEps + "; expected a positive number");
        }
    }

    public static BertSpec of(JsonNode config) {
        String positions = config.path("position_embedding_type").asText("absolute");
        if (!positions.equals("absolute")) {
            throw new ModelException("config.json has position_embedding_type \"" + positions
                    + "\"; supported is \"absolute\", choose another model");
        }
        if (config.path("is_decoder").asBoolean(false)) {
            throw new ModelException("config.json has is_decoder true; only BERT encoders are supported");
        }
        return new BertSpec(
                integer(config, "hidden_size"),
                integer(config, "num_hidden_layers"),
                integer(config, "num_attention_heads"),
                integer(config, "intermediate_size"),
                integer(config, "vocab_size"),
                integer(config, "max_position_embeddings"),
                config.path("type_vocab_size").asInt(2),
                (float) config.path("layer_norm_eps").asDouble(1e-12),
                Activation.byName(config.path("hidden_act").asText("gelu")));
    }

    /**
     * Floating point operations of one sequence, a multiply-add counted as two; embeddings, norms and activations left out.
     *
     * @param tokens length of the sequence, special tokens included
     */
    public double flops(int tokens) {
        double h = hidden;
        double linear = 2.0 * tokens * (4 * h * h + 2 * h * intermediate);
        double attention = 4.0 * tokens * tokens * h;
        return layers * (linear + attention);
    }

    private static int integer(JsonNode config, String key) {
        JsonNode value = config.path(key);
        if (!value.isInt()) {
            throw new ModelException("config.json has " + key + " " + (value.isMissingNode() ? "missing" : value)
                    + "; expected an integer");
        }
        return value.intValue();
    }

    private static void positive(String key, int value) {
        if (value < 1) {
            throw new ModelException("config.json has " + key + " " + value + "; expected a positive number");
        }
    }
}
