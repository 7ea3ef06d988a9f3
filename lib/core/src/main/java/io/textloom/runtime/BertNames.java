package io.textloom.runtime;

import io.textloom.model.BertSpec;

/**
 * Names of the tensors of a BERT-like encoder, as Hugging Face's classes write them. Those of a layer follow its {@link #layer} prefix; a linear layer has
 * {@code .weight} and {@code .bias}, a normalisation too.
 */
record BertNames(
        String prefix,
        String layers,
        String query,
        String key,
        String value,
        String attentionOutput,
        String attentionNorm,
        String up,
        String down,
        String outputNorm) {
    static final String WORDS = "embeddings.word_embeddings.weight";
    static final String POSITIONS = "embeddings.position_embeddings.weight";
    static final String TYPES = "embeddings.token_type_embeddings.weight";
    static final String EMBEDDING_NORM = "embeddings.LayerNorm";
    static final String RELATIVE_BIAS = "encoder.relative_attention_bias.weight";
    static final String POOLER = "pooler.dense";

    static BertNames of(BertSpec.Family family) {
        return switch (family) {
            case BERT -> likeBert("bert.");
            case ROBERTA -> likeBert("roberta.");
            case MPNET ->
                new BertNames(
                        "mpnet.",
                        "encoder.layer.",
                        "attention.attn.q",
                        "attention.attn.k",
                        "attention.attn.v",
                        "attention.attn.o",
                        "attention.LayerNorm",
                        "intermediate.dense",
                        "output.dense",
                        "output.LayerNorm");
            case DISTILBERT ->
                new BertNames(
                        "distilbert.",
                        "transformer.layer.",
                        "attention.q_lin",
                        "attention.k_lin",
                        "attention.v_lin",
                        "attention.out_lin",
                        "sa_layer_norm",
                        "ffn.lin1",
                        "ffn.lin2",
                        "output_layer_norm");
        };
    }

    private static BertNames likeBert(String prefix) {
        return new BertNames(
                prefix,
                "encoder.layer.",
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
                "attention.output.dense",
                "attention.output.LayerNorm",
                "intermediate.dense",
                "output.dense",
                "output.LayerNorm");
    }

    String layer(int index) {
        return layers + index + ".";
    }
}
