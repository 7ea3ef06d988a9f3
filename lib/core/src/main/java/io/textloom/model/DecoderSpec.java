package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A model that writes text token by token: its layers, its output head and its end tokens.
 *
 * @param trunk the layers, all causal
 * @param tiedHead tie_word_embeddings: the token embeddings are also the output head
 * @param eosIds tokens that end a text; empty if the model names none
 */
public record DecoderSpec(DecoderTrunk trunk, boolean tiedHead, List<Integer> eosIds) {
    /** The cache of keys and values is laid out in vectors of this many floats. */
    private static final int HEAD_UNIT = 8;

    /** Where config.json does not say otherwise, these have a head of their own, as transformers has it. */
    private static final Set<Architecture> UNTIED =
            Set.of(Architecture.LLAMA, Architecture.MISTRAL, Architecture.QWEN2, Architecture.QWEN3);

    public DecoderSpec {
        eosIds = List.copyOf(eosIds);
        AttentionSpec first = trunk.attention(0);
        if (!first.causal()) {
            throw new ModelException("config.json has is_causal false: the model looks ahead and can only embed;"
                    + " expected a causal model, choose another one to generate");
        }
        if (first.headSize() % HEAD_UNIT != 0) {
            throw new ModelException("config.json has attention heads of the size " + first.headSize()
                    + "; generation expects a multiple of " + HEAD_UNIT + ", choose another model");
        }
        for (int id : eosIds) {
            if (id < 0 || id >= trunk.vocabulary()) {
                throw new ModelException("eos_token_id " + id + " is not among the " + trunk.vocabulary()
                        + " tokens of the model; correct generation_config.json or config.json");
            }
        }
    }

    /** @throws ModelException if the folder's model is not a decoder that Textloom runs */
    public static DecoderSpec of(ModelFolder folder) {
        return of(folder.config(), folder.generationConfig());
    }

    /** Reads {@code config.json}; the end tokens are those of {@code generation_config.json} where that names any. */
    public static DecoderSpec of(JsonNode config, JsonNode generationConfig) {
        Architecture architecture = Architecture.of(config, "config.json", false);
        if (!(architecture.spec(config) instanceof DecoderTrunk trunk)) {
            throw new ModelException("config.json has model_type " + config.path("model_type")
                    + ", an encoder; generation needs a decoder such as gpt2 or llama, choose another model");
        }
        List<Integer> eosIds = ids(generationConfig.path("eos_token_id"));
        return new DecoderSpec(
                trunk,
                ConfigValues.flag(config, "tie_word_embeddings", !UNTIED.contains(architecture)),
                eosIds.isEmpty() ? ids(config.path("eos_token_id")) : eosIds);
    }

    public int layers() {
        return trunk.layers();
    }

    /** Heads of keys and values. */
    public int kvHeads() {
        return trunk.attention(0).keyHeads();
    }

    /** Width of one attention head. */
    public int headSize() {
        return trunk.attention(0).headSize();
    }

    /** The longest context, prompt and completion together; unit: tokens. */
    public int positions() {
        return trunk.maxPositions();
    }

    public int vocabularySize() {
        return trunk.vocabulary();
    }

    /** One id or a list of ids; none where there is nothing or null. */
    private static List<Integer> ids(JsonNode node) {
        List<Integer> ids = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(id -> ids.add(id(id)));
        } else if (!node.isMissingNode() && !node.isNull()) {
            ids.add(id(node));
        }
        return ids;
    }

    private static int id(JsonNode node) {
        if (!node.isInt()) {
            throw new ModelException("eos_token_id has " + node
                    + "; expected an integer or a list of them, correct generation_config.json or config.json");
        }
        return node.intValue();
    }
}
