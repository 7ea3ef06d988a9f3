package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.model.LlamaSpec.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaSpecTest {
    private static final String CONFIG = """
            {"hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 8, "num_key_value_heads": 2,
             "intermediate_size": 96, "vocab_size": 100, "max_position_embeddings": 512, "rms_norm_eps": 1e-05}""";

    @Test
    void familiesDifferInTheirBiasesNormsAndHeads() {
        LlamaSpec llama = LlamaSpec.of(Family.LLAMA, with("\"attention_bias\": true, \"mlp_bias\": true"));
        assertThat(llama.projectionBias() && llama.outputBias() && llama.mlpBias())
                .isTrue();
        assertThat(llama.headSize()).isEqualTo(8);
        LlamaSpec mistral = LlamaSpec.of(Family.MISTRAL, with("\"attention_bias\": true"));
        assertThat(mistral.projectionBias() || mistral.outputBias()).isFalse();
        LlamaSpec qwen2 = LlamaSpec.of(Family.QWEN2, json(CONFIG));
        assertThat(qwen2.projectionBias()).isTrue();
        assertThat(qwen2.outputBias()).isFalse();
        LlamaSpec qwen3 = LlamaSpec.of(Family.QWEN3, json(CONFIG));
        assertThat(qwen3.headNorms()).isTrue();
        assertThat(qwen3.headSize()).isEqualTo(128);
    }

    @Test
    void keyHeadsThatAreNotNamedAreAsManyAsHeads() {
        assertThat(LlamaSpec.of(Family.LLAMA, json(CONFIG.replace("\"num_key_value_heads\": 2", "\"x\": 2")))
                        .keyHeads())
                .isEqualTo(8);
        assertThat(LlamaSpec.of(Family.LLAMA, json(CONFIG.replace("_heads\": 2", "_heads\": null")))
                        .keyHeads())
                .isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LLAMA | \"sliding_window\": 6 | ....",
                "MISTRAL | \"sliding_window\": 6 | wwww",
                "MISTRAL | \"sliding_window\": null | ....",
                "QWEN2 | \"sliding_window\": 6, \"max_window_layers\": 2 | ....",
                "QWEN2 | \"use_sliding_window\": true, \"sliding_window\": 6, \"max_window_layers\": 2 | ..ww",
                "QWEN2 | \"use_sliding_window\": true, \"sliding_window\": 6 | ....",
                "QWEN3 | \"sliding_window\": 6, \"layer_types\": [\"sliding_attention\", \"full_attention\","
                        + " \"sliding_attention\", \"full_attention\"] | w.w."
            })
    void windowsCoverTheLayersThatTheConfigNames(Family family, String settings, String layers) {
        LlamaSpec spec = LlamaSpec.of(family, with(settings));
        for (int layer = 0; layer < 4; layer++) {
            assertThat(spec.attention(layer).reach())
                    .isEqualTo(layers.charAt(layer) == 'w' ? 5 : AttentionSpec.EVERYWHERE);
        }
    }

    @Test
    void aMistralThatNamesNoWindowHasTheOldOne() {
        assertThat(LlamaSpec.of(Family.MISTRAL, json(CONFIG)).attention(0).reach())
                .isEqualTo(4095);
    }

    @Test
    void flopsCountSharedKeysAndTheGate() {
        double perToken = 64 * 64 + 2 * 64 * 16 + 64 * 64 + 3 * 64 * 96;
        assertThat(LlamaSpec.of(Family.LLAMA, json(CONFIG)).flops(10))
                .isEqualTo(4 * (2 * 10 * perToken + 4 * 10 * 10 * 64));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2} | rope_type \"dynamic\"",
                "\"rope_parameters\": {\"rope_type\": \"yarn\", \"rope_theta\": 1e4} | rope_type \"yarn\"",
                "\"rope_scaling\": {\"type\": \"linear\"} | factor 0",
                "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8} | low_freq_factor",
                "\"rope_theta\": 0 | rope_theta 0",
                "\"partial_rotary_factor\": 0.5 | partial_rotary_factor 0.5",
                "\"num_key_value_heads\": 3 | divide",
                "\"head_dim\": 7 | even",
                "\"hidden_act\": \"mish\" | hidden_act",
                "\"num_hidden_layers\": 0 | num_hidden_layers 0"
            })
    void configurationsThatDoNotFitAreRefused(String settings, String message) {
        assertThatThrownBy(() -> LlamaSpec.of(Family.LLAMA, with(settings)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    /** The config with some settings more; a later one of the same name counts. */
    private static JsonNode with(String settings) {
        return json(CONFIG.replace("}", ", " + settings + "}"));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
