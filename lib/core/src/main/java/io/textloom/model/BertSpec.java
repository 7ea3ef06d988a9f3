package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The shape of a BERT encoder or of a kin that differs in its embeddings and in the names of its tensors, from config.json.
 *
 * @param family whose names the tensors have
 * @param intermediate width of the feed-forward layer
 * @param maxPositions longest sequence; unit: tokens
 * @param positionOffset row of the position table that the first token takes
 * @param typeVocabulary number of token type ids; 0 for none
 * @param relativeBuckets buckets of the relative position bias; 0 for none
 * @param layerNormEps added to the variance
 */
public record BertSpec(
        Family family,
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int vocabulary,
        int maxPositions,
        int positionOffset,
        int typeVocabulary,
        int relativeBuckets,
        float layerNormEps,
        Activation activation)
        implements EncoderSpec {

    /** Post-norm encoders that share their layers' arithmetic. */
    public enum Family {
        /** Source: Devlin et al. 2019. */
        BERT,
        /** RoBERTa and XLM-R. Sources: Liu et al. 2019; Conneau et al. 2020. */
        ROBERTA,
        /** Source: Sanh et al. 2019. */
        DISTILBERT,
        /** Source: Song et al. 2020. */
        MPNET
    }

    public BertSpec {
        ConfigValues.heads("hidden_size", hidden, "num_attention_heads", heads);
        ConfigValues.layerCount("num_hidden_layers", layers);
        ConfigValues.positive("intermediate_size", intermediate);
        ConfigValues.positive("vocab_size", vocabulary);
        ConfigValues.positive("max_position_embeddings", maxPositions);
        ConfigValues.positive("layer_norm_eps", layerNormEps);
        if (family == Family.BERT) {
            ConfigValues.positive("type_vocab_size", typeVocabulary);
        }
        ConfigValues.notNegative("type_vocab_size", typeVocabulary);
        ConfigValues.notNegative("relative_attention_num_buckets", relativeBuckets);
    }

    /** @throws ModelException if the config is not that of an encoder of the family */
    public static BertSpec of(Family family, JsonNode config) {
        String positions = ConfigValues.text(config, "position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw new ModelException("config.json has position_embedding_type \"" + positions
                    + "\"; supported is \"absolute\", choose another model");
        }
        if (ConfigValues.flag(config, "is_decoder", false)) {
            throw new ModelException("config.json has is_decoder true; only encoders are supported");
        }
        return family == Family.DISTILBERT ? distilbert(config) : bert(family, config);
    }

    /** The original: 512 positions, two token types, GELU. */
    static BertSpec bert(int hidden, int layers, int heads, int intermediate, int vocabulary) {
        return new BertSpec(
                Family.BERT, hidden, layers, heads, intermediate, vocabulary, 512, 0, 2, 0, 1e-12f, Activation.GELU);
    }

    private static BertSpec bert(Family family, JsonNode config) {
        int offset = family == Family.BERT
                ? 0
                : 1 + ConfigValues.notNegative("pad_token_id", ConfigValues.integer(config, "pad_token_id", 1));
        int types = switch (family) {
            case BERT -> ConfigValues.integer(config, "type_vocab_size", 2);
            case ROBERTA -> ConfigValues.integer(config, "type_vocab_size", 1);
            case DISTILBERT, MPNET -> 0;
        };
        return new BertSpec(
                family,
                ConfigValues.integer(config, "hidden_size"),
                ConfigValues.integer(config, "num_hidden_layers"),
                ConfigValues.integer(config, "num_attention_heads"),
                ConfigValues.integer(config, "intermediate_size"),
                ConfigValues.integer(config, "vocab_size"),
                ConfigValues.integer(config, "max_position_embeddings") - offset,
                offset,
                types,
                family == Family.MPNET ? ConfigValues.integer(config, "relative_attention_num_buckets", 32) : 0,
                (float) ConfigValues.number(config, "layer_norm_eps", 1e-12),
                Activation.byName("hidden_act", ConfigValues.text(config, "hidden_act", "gelu")));
    }

    private static BertSpec distilbert(JsonNode config) {
        return new BertSpec(
                Family.DISTILBERT,
                ConfigValues.integer(config, "dim"),
                ConfigValues.integer(config, "n_layers"),
                ConfigValues.integer(config, "n_heads"),
                ConfigValues.integer(config, "hidden_dim"),
                ConfigValues.integer(config, "vocab_size"),
                ConfigValues.integer(config, "max_position_embeddings"),
                0,
                0,
                0,
                1e-12f,
                Activation.byName("activation", ConfigValues.text(config, "activation", "gelu")));
    }

    /** Of every layer. */
    public AttentionSpec attention() {
        return AttentionSpec.plain(hidden, heads, false);
    }

    @Override
    public double flops(int tokens) {
        double h = hidden;
        return EncoderSpec.flops(layers, 4 * h * h + 2 * h * intermediate, hidden, tokens);
    }
}
