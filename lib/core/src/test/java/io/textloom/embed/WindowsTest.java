package io.textloom.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.token.LongDocuments;
import io.textloom.token.SpecialTokens;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final SpecialTokens CLS_SEP = new SpecialTokens(List.of(101), List.of(102));

    @Property
    void everyTokenIsInAWindowAndNeighboursShareTheStride(
            @ForAll @IntRange(max = 500) int tokens,
            @ForAll @IntRange(min = 3, max = 60) int maxTokens,
            @ForAll @IntRange(max = 30) int stride,
            @ForAll @IntRange(max = 5) int prompt) {
        Assume.that(maxTokens - 2 - prompt > stride);
        Windows windows = new Windows(CLS_SEP, maxTokens, stride, LongDocuments.CHUNK);
        List<Windows.Span> spans = windows.spans(tokens, prompt);
        assertThat(spans.get(0).from()).isZero();
        assertThat(spans.get(spans.size() - 1).to()).isEqualTo(tokens);
        for (int i = 0; i < spans.size(); i++) {
            assertThat(spans.get(i).to() - spans.get(i).from()).isLessThanOrEqualTo(maxTokens - 2 - prompt);
            if (i > 0) {
                assertThat(spans.get(i - 1).to() - spans.get(i).from()).isEqualTo(stride);
                assertThat(spans.get(i).to()).isGreaterThan(spans.get(i - 1).to());
            }
        }
    }

    @Property
    void truncationKeepsTheHeadAlone(
            @ForAll @IntRange(max = 500) int tokens, @ForAll @IntRange(min = 3, max = 60) int maxTokens) {
        Windows windows = new Windows(CLS_SEP, maxTokens, 0, LongDocuments.TRUNCATE);
        assertThat(windows.spans(tokens, 0)).containsExactly(new Windows.Span(0, Math.min(tokens, maxTokens - 2)));
        assertThat(windows.fits(tokens, 0)).isEqualTo(tokens <= maxTokens - 2);
    }

    @Test
    void aWindowIsSpecialsPromptAndSpan() {
        Windows windows = new Windows(CLS_SEP, 8, 1, LongDocuments.CHUNK);
        int[] document = IntStream.range(0, 9).toArray();
        int[] prompt = {70, 71};
        List<Windows.Span> spans = windows.spans(9, 2);
        assertThat(spans).containsExactly(new Windows.Span(0, 4), new Windows.Span(3, 7), new Windows.Span(6, 9));
        assertThat(windows.ids(prompt, prompt.length, document, 0, spans.get(1)))
                .containsExactly(101, 70, 71, 3, 4, 5, 6, 102);
    }

    @Test
    void windowsWithoutRoomForTextAreRefused() {
        assertThatThrownBy(() -> new Windows(CLS_SEP, 2, 0, LongDocuments.CHUNK))
                .hasMessageContaining("embed.maxTokens is 2");
        Windows windows = new Windows(CLS_SEP, 10, 6, LongDocuments.CHUNK);
        assertThatThrownBy(() -> windows.capacity(2)).hasMessageContaining("embed.stride");
    }
}
