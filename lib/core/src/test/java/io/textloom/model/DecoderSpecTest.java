package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderSpecTest {
    private static final String GPT2 = """
            {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024,
             "vocab_size": 50257, "eos_token_id": 50256}""";
    private static final String LLAMA = """
            {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "head_dim": 24, "intermediate_size": 96, "vocab_size": 100,
             "max_position_embeddings": 512}""";

    @Test
    void saysWhatADecoderNeeds() {
        DecoderSpec spec = DecoderSpec.of(json(LLAMA), json("{\"eos_token_id\": 2}"));
        assertThat(spec.kvHeads()).isEqualTo(2);
        assertThat(spec.headSize()).isEqualTo(24);
        assertThat(spec.positions()).isEqualTo(512);
        assertThat(spec.vocabularySize()).isEqualTo(100);
        assertThat(spec.layers()).isEqualTo(2);
        assertThat(spec.eosIds()).containsExactly(2);
    }

    @Test
    void endTokensOfTheGenerationConfigComeFirst() {
        assertThat(eosIds("{\"eos_token_id\": [5, 50256]}")).containsExactly(5, 50256);
        assertThat(eosIds("{\"temperature\": 1}")).containsExactly(50256);
    }

    @ParameterizedTest
    @CsvSource({"gpt2, true", "llama, false"})
    void theHeadIsTiedAsTheArchitectureHasItUnlessTheConfigSaysOtherwise(String name, boolean tied) {
        ObjectNode config = json(name.equals("gpt2") ? GPT2 : LLAMA);
        assertThat(DecoderSpec.of(config, config).tiedHead()).isEqualTo(tied);
        config.put("tie_word_embeddings", !tied);
        assertThat(DecoderSpec.of(config, config).tiedHead()).isEqualTo(!tied);
    }

    @ParameterizedTest
    @CsvSource({
        "eos_token_id, 100, eos_token_id 100 is not among the 100 tokens",
        "eos_token_id, -1, eos_token_id -1",
        "head_dim, 12, multiple of 8",
        "is_causal, false, is_causal false",
        "model_type, \"bert\", generation needs a decoder"
    })
    void whatCannotGenerateIsRefused(String key, String value, String message) throws Exception {
        ObjectNode config = json(LLAMA);
        config.set(key, new ObjectMapper().readTree(value));
        assertThatThrownBy(() -> DecoderSpec.of(config, config))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private static java.util.List<Integer> eosIds(String generationConfig) {
        return DecoderSpec.of(json(GPT2), json(generationConfig)).eosIds();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
