package io.textloom.bench.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.bench.Options;
import java.util.List;
import org.junit.jupiter.api.Test;

class VariantTest {
    @Test
    void everyVariantOfTheCommandLineCounts() {
        assertThat(variants("--variant", "a:embed.batchTokens=256", "--variant", "b:x=1;y=2"))
                .containsExactly(new Variant("a", "embed.batchTokens=256"), new Variant("b", "x=1;y=2"));
    }

    @Test
    void int8IsAskedFor() {
        assertThat(variants()).isEmpty();
        assertThat(variants("--int8", "true")).containsExactly(new Variant("int8", "embed.precision=int8"));
    }

    @Test
    void commonSettingsComeFirst() {
        Variant variant = Variant.parse("a:x=1");
        assertThat(variant.on("")).isEqualTo("x=1");
        assertThat(variant.on("y=2")).isEqualTo("y=2;x=1");
    }

    @Test
    void whatIsNoVariantIsRefused() {
        assertThatThrownBy(() -> Variant.parse("int8")).hasMessageContaining("expected name:key=value");
        assertThatThrownBy(() -> Variant.parse("a b:x=1")).hasMessageContaining("expected name:key=value");
        assertThatThrownBy(() -> variants("--variant", "a:x=1", "--variant", "a:x=2"))
                .hasMessageContaining("one name");
    }

    private static List<Variant> variants(String... arguments) {
        return Variant.of(Options.parse(arguments));
    }
}
