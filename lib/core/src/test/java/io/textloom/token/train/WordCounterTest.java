package io.textloom.token.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class WordCounterTest {
    @Property(tries = 200)
    void countsAsAMapDoes(@ForAll @Size(max = 3000) List<@NumericChars @StringLength(min = 1, max = 4) String> words) {
        Map<String, Long> expected = new TreeMap<>();
        WordCounter counter = new WordCounter(10, 10);
        for (String word : words) {
            expected.merge(word, 1L, Long::sum);
            byte[] padded = ("<" + word + ">").getBytes(StandardCharsets.UTF_8);
            counter.add(padded, 1, padded.length - 1);
        }
        assertThat(counts(counter)).isEqualTo(expected);
        assertThat(counter.size()).isEqualTo(expected.size());
        counter.clear();
        assertThat(counts(counter)).isEmpty();
        counter.add(new byte[] {'x'}, 0, 1);
        assertThat(counts(counter)).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void isFullByWordsOrByBytes() {
        WordCounter few = new WordCounter(2, 1000);
        few.add(new byte[] {'a', 'b'}, 0, 1);
        few.add(new byte[] {'a', 'b'}, 0, 1);
        assertThat(few.isFull()).isFalse();
        few.add(new byte[] {'a', 'b'}, 1, 2);
        assertThat(few.isFull()).isTrue();

        WordCounter small = new WordCounter(1000, 5);
        small.add(new byte[4], 0, 4);
        assertThat(small.isFull()).isFalse();
        small.add(new byte[5], 0, 5);
        assertThat(small.isFull()).isTrue();
    }

    private static Map<String, Long> counts(WordCounter counter) {
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < counter.size(); i++) {
            counts.put(new String(counter.word(i), StandardCharsets.UTF_8), counter.count(i));
        }
        return counts;
    }
}
