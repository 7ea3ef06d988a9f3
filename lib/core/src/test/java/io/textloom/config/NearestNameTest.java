package io.textloom.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    private static final List<String> KEYS = List.of("input", "embed.maxTokens", "embed.pooling", "generate.topK");

    @Test
    void findsAMisspeltName() {
        assertThat(NearestName.of("embed.maxTokenz", KEYS)).contains("embed.maxTokens");
        assertThat(NearestName.of("embed.poolnig", KEYS)).contains("embed.pooling");
        assertThat(NearestName.of("inptu", KEYS)).contains("input");
    }

    @Test
    void caseAndSeparatorsDoNotCount() {
        assertThat(NearestName.of("embed.max-tokens", KEYS)).contains("embed.maxTokens");
        assertThat(NearestName.of("EMBED_MAX_TOKENS", KEYS)).contains("embed.maxTokens");
    }

    @Test
    void findsANameWithoutItsPrefixOrWithOneTooMany() {
        assertThat(NearestName.of("pooling", KEYS)).contains("embed.pooling");
        assertThat(NearestName.of("embed.input", KEYS)).contains("input");
    }

    @Test
    void aFarNameHasNoNeighbour() {
        assertThat(NearestName.of("unrelated", KEYS)).isEmpty();
        assertThat(NearestName.of("x", KEYS)).isEmpty();
        assertThat(NearestName.of("--n", List.of("-h"))).isEmpty();
        assertThat(NearestName.of("anything", List.of())).isEmpty();
    }
}
