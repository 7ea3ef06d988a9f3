package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gpt2SpecTest {
    private static final String CONFIG = """
            {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024, "n_ctx": 1024,
             "vocab_size": 50257, "layer_norm_epsilon": 1e-05, "activation_function": "gelu_new",
             "bos_token_id": 50256, "eos_token_id": 50256}""";

    @Test
    void readsTheConfigOfGpt2() {
        Gpt2Spec spec = Gpt2Spec.of(json(CONFIG));
        assertThat(spec.hidden()).isEqualTo(768);
        assertThat(spec.layers()).isEqualTo(12);
        assertThat(spec.innerSize()).isEqualTo(3072);
        assertThat(spec.maxPositions()).isEqualTo(1024);
        assertThat(spec.vocabulary()).isEqualTo(50257);
        assertThat(spec.layerNormEpsilon()).isEqualTo(1e-5f);
        assertThat(spec.attention(3).headSize()).isEqualTo(64);
        assertThat(spec.attention(3).scale()).isEqualTo(0.125f);
    }

    @Test
    void attentionScalesFollowTheConfig() {
        ObjectNode config = json(CONFIG);
        config.put("scale_attn_weights", false);
        assertThat(Gpt2Spec.of(config).attention(0).scale()).isEqualTo(1f);
        config.put("scale_attn_by_inverse_layer_idx", true);
        assertThat(Gpt2Spec.of(config).attention(3).scale()).isEqualTo(0.25f);
    }

    @ParameterizedTest
    @CsvSource({
        "n_embd, 770, n_embd 770",
        "n_embd, 0, n_embd 0",
        "n_layer, null, n_layer null",
        "n_head, 5, n_head 5",
        "n_positions, -1, n_positions -1",
        "vocab_size, \"many\", vocab_size ",
        "layer_norm_epsilon, 0, layer_norm_epsilon 0.0",
        "activation_function, \"softplus\", softplus",
        "add_cross_attention, true, add_cross_attention true"
    })
    void aConfigThatCannotBeRunIsNamed(String key, String value, String message) {
        ObjectNode config = json(CONFIG);
        config.set(key, read(value));
        assertThatThrownBy(() -> Gpt2Spec.of(config))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) read(text);
    }

    private static JsonNode read(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
