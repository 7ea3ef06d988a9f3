package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NativeFactsTest {
    @Test
    void theLibrariesLoadAndTellTheirVersions() {
        assertThat(NativeFacts.onnxRuntime()).matches("\\d+\\.\\d+.* with .*CPU.*");
        assertThat(NativeFacts.jna()).matches("\\d+\\..*native.*");
    }

    @Test
    void instructionSetsAreWholeWordsOfTheFlags() {
        String description = "model name : A\nflags\t\t: fpu sse2 avx2 fma avx512f avx512_vnni amx_int8 avx2x";

        assertThat(NativeFacts.instructionSets(description))
                .containsExactlyInAnyOrder("avx2", "fma", "avx512f", "avx512_vnni", "amx_int8");
        assertThat(NativeFacts.instructionSets("")).isEmpty();
    }

    @Test
    void int8IsAdvisedWhereTheProcessorHasProductsOfBytes() {
        assertThat(NativeFacts.advice(Set.of("avx2", "avx512_vnni"))).contains("int8 is about twice");
        assertThat(NativeFacts.advice(Set.of("avx2"))).startsWith("float32;");
        assertThat(NativeFacts.advice(Set.of())).contains("no AVX2");
    }
}
