package io.textloom.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokenHistoryTest {
    @Property(tries = 200)
    void penaltiesSeeWhatCountingEverythingWouldGive(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 90) int promptLength,
            @ForAll @IntRange(min = 0, max = 200) int steps,
            @ForAll @IntRange(min = 1, max = 300) int vocabulary,
            @ForAll @IntRange(min = 1, max = 4) int ngram) {
        SplittableRandom random = new SplittableRandom(seed);
        // what lies behind the prompt in its array is not of it
        int[] prompt = random.ints(promptLength + 3, 0, vocabulary).toArray();
        TokenHistory history = new TokenHistory(prompt, promptLength, 0);
        List<Integer> all = new ArrayList<>();
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < promptLength; i++) {
            all.add(prompt[i]);
            counts.putIfAbsent(prompt[i], 0);
        }
        for (int step = 0; step < steps; step++) {
            int token = random.nextInt(vocabulary);
            history.add(token);
            all.add(token);
            counts.merge(token, 1, Integer::sum);
            if (random.nextInt(5) == 0) {
                check(history, all, counts, ngram);
            }
            if (random.nextInt(40) == 0) {
                TokenHistory other = history.copy();
                history.add(vocabulary);
                history = other;
            }
        }
        check(history, all, counts, ngram);
    }

    @Test
    void aCopyGoesOnByItself() {
        TokenHistory history = new TokenHistory(new int[] {1, 2}, 2, 0);
        history.add(3);
        TokenHistory copy = history.copy();
        history.add(4);
        copy.add(5);
        assertThat(history.token(3)).isEqualTo(4);
        assertThat(copy.token(3)).isEqualTo(5);
        assertThat(copy.counts().size()).isEqualTo(4);
    }

    private static void check(TokenHistory history, List<Integer> all, Map<Integer, Integer> counts, int ngram) {
        TokenCounts found = history.counts();
        Map<Integer, Integer> foundCounts = new HashMap<>();
        for (int i = 0; i < found.size(); i++) {
            foundCounts.put(found.token(i), found.inCompletion(i));
        }
        assertThat(foundCounts).isEqualTo(counts);

        Set<Integer> expected = new HashSet<>();
        List<Integer> suffix = all.size() < ngram ? List.of() : all.subList(all.size() - ngram + 1, all.size());
        for (int i = 0; i + ngram <= all.size(); i++) {
            if (all.subList(i, i + ngram - 1).equals(suffix)) {
                expected.add(all.get(i + ngram - 1));
            }
        }
        Set<Integer> barred = new HashSet<>();
        NgramIndex index = history.ngrams(ngram);
        for (int at = index.next(history, 0); at != 0; at = index.next(history, at)) {
            barred.add(index.follower(history, at));
        }
        assertThat(barred).isEqualTo(expected);
    }
}
