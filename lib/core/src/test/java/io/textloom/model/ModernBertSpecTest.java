package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ModernBertSpecTest {
    private static final String SHAPE = """
            {"hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 48,
             "vocab_size": 64, "max_position_embeddings": 100, "local_attention": 8, """;

    @Test
    void bothFormsOfTheConfigMeanTheSame() {
        ModernBertSpec old = spec("""
                "global_attn_every_n_layers": 3, "global_rope_theta": 500.0, "local_rope_theta": 20.0}""");
        ModernBertSpec now = spec("""
                "layer_types": ["full_attention", "sliding_attention", "sliding_attention", "full_attention"],
                "rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 500.0},
                                    "sliding_attention": {"rope_type": "default", "rope_theta": 20.0}}}""");
        assertThat(now).isEqualTo(old);
        assertThat(old.localLayers()).containsExactly(false, true, true, false);
        assertThat(old.attention(0).rope().theta()).isEqualTo(500);
        assertThat(old.attention(0).reach()).isEqualTo(AttentionSpec.EVERYWHERE);
        assertThat(old.attention(1).rope().theta()).isEqualTo(20);
        assertThat(old.attention(1).reach()).isEqualTo(4);
    }

    @Test
    void whatIsNotNamedIsAsInTheOriginal() {
        ModernBertSpec spec = spec("\"x\": 0}");
        assertThat(spec.localLayers()).containsExactly(false, true, true, false);
        assertThat(spec.globalRope().theta()).isEqualTo(160_000);
        assertThat(spec.localRope().theta()).isEqualTo(10_000);
        assertThat(spec("\"local_rope_theta\": null}").localRope().theta()).isEqualTo(160_000);
    }

    @Test
    void flopsCountTheGate() {
        assertThat(spec("\"x\": 0}").flops(10))
                .isEqualTo(4 * (2.0 * 10 * (4 * 32 * 32 + 3 * 32 * 48) + 4 * 10 * 10 * 32));
    }

    @Test
    void configurationsThatDoNotFitAreRefused() {
        refused("\"layer_types\": [\"full_attention\"]}", "for 1 layers, but 4");
        refused("\"layer_types\": [\"chunked_attention\"]}", "chunked_attention");
        refused("\"global_attn_every_n_layers\": 0}", "global_attn_every_n_layers 0");
        refused("\"local_attention\": 0}", "local_attention 0");
    }

    private static void refused(String settings, String message) {
        assertThatThrownBy(() -> spec(settings))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private static ModernBertSpec spec(String settings) {
        try {
            return ModernBertSpec.of(new ObjectMapper().readTree(SHAPE + settings));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(settings, e);
        }
    }
}
