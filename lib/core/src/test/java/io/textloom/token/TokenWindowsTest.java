package io.textloom.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokenWindowsTest {
    @Property
    void everyTokenIsInAWindowAndAllButTheLastAreFull(
            @ForAll @IntRange(max = 500) int tokens,
            @ForAll @IntRange(min = 1, max = 60) int capacity,
            @ForAll @IntRange(max = 59) int stride) {
        Assume.that(stride < capacity);
        TokenWindows windows = new TokenWindows(capacity, stride);
        int count = windows.count(tokens);
        assertThat(windows.from(0)).isZero();
        assertThat(windows.to(count - 1, tokens)).isEqualTo(tokens);
        for (int i = 0; i < count - 1; i++) {
            assertThat(windows.to(i, tokens) - windows.from(i)).isEqualTo(capacity);
            assertThat(windows.to(i, tokens) - windows.from(i + 1)).isEqualTo(stride);
        }
        assertThat(count == 1 || windows.to(count - 1, tokens) > windows.to(count - 2, tokens))
                .isTrue();
    }

    @Test
    void withoutALimitOneWindowHoldsAnything() {
        TokenWindows windows = new TokenWindows(Integer.MAX_VALUE, 0);
        assertThat(windows.count(Integer.MAX_VALUE)).isEqualTo(1);
        assertThat(windows.to(0, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertThatThrownBy(() -> new TokenWindows(5, 5)).hasMessageContaining("cannot share 5");
    }
}
