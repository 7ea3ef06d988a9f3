package io.textloom.token.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final int BASE = 257;

    @Property(tries = 150)
    void bytePairsEqualCountingAnewBeforeEveryMerge(
            @ForAll("corpora") Map<String, Long> corpus,
            @ForAll @IntRange(min = 0, max = 40) int merges,
            @ForAll @IntRange(min = 1, max = 4) int minFrequency,
            @ForAll @IntRange(min = 1, max = 5) int maxLength) {
        int maxTokenLength = maxLength == 1 ? 0 : maxLength;
        TrainedTokenizer trained = TokenizerType.BPE.train(
                WordsOf.counts(corpus), bytePairs(BASE + merges, minFrequency, maxTokenLength), TrainProgress.SILENT);

        NaiveMerges naive = new NaiveMerges(corpus, trained.vocabulary().subList(0, BASE), "");
        naive.run(BASE + merges, minFrequency, maxTokenLength);
        assertAgree(trained, naive);
        if (!naive.sameTokenTwice) {
            assertThat(trained.merges()).isEqualTo(naive.merges);
        }
    }

    @Property(tries = 150)
    void wordPiecesEqualCountingAnewBeforeEveryMerge(
            @ForAll("corpora") Map<String, Long> corpus, @ForAll @IntRange(min = 0, max = 40) int merges) {
        int base = wordPieces(corpus, 100, 1_000_000, 0).vocabulary().size();
        TrainedTokenizer trained = wordPieces(corpus, base + merges, 2, 0);

        NaiveMerges naive = new NaiveMerges(corpus, trained.vocabulary().subList(0, base), "##");
        naive.run(base + merges, 2, 0);
        assertAgree(trained, naive);
    }

    @Provide
    Arbitrary<Map<String, Long>> corpora() {
        Arbitrary<String> word =
                Arbitraries.strings().withChars("abcd").ofMinLength(1).ofMaxLength(9);
        return Arbitraries.maps(word, Arbitraries.longs().between(1, 6))
                .ofMinSize(1)
                .ofMaxSize(15);
    }

    @Test
    void theMostFrequentPairIsMergedFirstAndTheSmallerOneOfEquals() {
        TrainedTokenizer trained = TokenizerType.BPE.train(
                WordsOf.counts(Map.of("low", 5L, "lower", 2L, "newest", 6L, "widest", 3L)),
                bytePairs(BASE + 8, 2, 0),
                TrainProgress.SILENT);

        // es and st occur 9 times and e comes before s; then lo and ow 7 times; ne, ew and w+est 6 times
        assertThat(trained.merges())
                .containsExactly(
                        new TokenPair("e", "s"),
                        new TokenPair("es", "t"),
                        new TokenPair("l", "o"),
                        new TokenPair("lo", "w"),
                        new TokenPair("e", "w"),
                        new TokenPair("n", "ew"),
                        new TokenPair("new", "est"),
                        new TokenPair("d", "est"));
        assertThat(trained.vocabulary()).endsWith("es", "est", "lo", "low", "ew", "new", "newest", "dest");
        assertThat(trained.vocabulary()).startsWith("<|endoftext|>", "!", "\"", "#");
        assertThat(trained.vocabulary().subList(1, BASE))
                .isSorted()
                .hasSize(256)
                .contains("Ġ", "Ċ", "ÿ", "Ń");
    }

    @Test
    void aPairLessFrequentThanAskedIsNotMerged() {
        Map<String, Long> corpus = Map.of("aab", 2L, "aac", 1L, "xy", 2L);
        assertThat(TokenizerType.BPE
                        .train(WordsOf.counts(corpus), bytePairs(1000, 3, 0), TrainProgress.SILENT)
                        .merges())
                .containsExactly(new TokenPair("a", "a"));
        assertThat(TokenizerType.BPE
                        .train(WordsOf.counts(corpus), bytePairs(1000, 2, 0), TrainProgress.SILENT)
                        .merges())
                .containsExactly(new TokenPair("a", "a"), new TokenPair("x", "y"), new TokenPair("aa", "b"));
    }

    @Test
    void countsBeyond32BitsStayExact() {
        Map<String, Long> corpus = Map.of("ab", 3_000_000_000L, "cd", 5_000_000_000L, "ef", 1L);
        assertThat(TokenizerType.BPE
                        .train(WordsOf.counts(corpus), bytePairs(1000, 2, 0), TrainProgress.SILENT)
                        .merges())
                .containsExactly(new TokenPair("c", "d"), new TokenPair("a", "b"));
    }

    @Test
    void wordPieceNumbersCharactersAndContinuationsByCodePoint() {
        TrainedTokenizer trained = wordPieces(Map.of("é", 1L, "zé茶", 4L, "ba", 3L, "a", 1L), 15, 2, 0);

        assertThat(trained.vocabulary())
                .containsExactly(
                        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "z", "é", "茶", "##a", "##é", "##茶",
                        "zé", "zé茶");
        assertThat(trained.merges()).isEmpty();
    }

    @Test
    void aLimitedAlphabetKeepsTheMostFrequentCharacters() {
        TrainedTokenizer trained = wordPieces(Map.of("abc", 2L, "bd", 3L), 9, 100, 2);
        // b 5 times, d 3; a and c go, and of abc the b inside is left
        assertThat(trained.vocabulary().subList(5, trained.vocabulary().size()))
                .containsExactly("b", "d", "##b", "##d");
    }

    @Test
    void aVocabularyThatDoesNotHoldItsAlphabetIsAnError() {
        assertThatThrownBy(() -> bytePairs(256, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("train.vocabSize is 256; expected at least 257, the 256 bytes and the special tokens");
        assertThatThrownBy(() -> wordPieces(Map.of("abc", 1L), 9, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("train.vocabSize is 9", "3 characters", "are 10 tokens already", "limitAlphabet");
        assertThat(wordPieces(Map.of("abc", 1L), 10, 2, 0).vocabulary()).hasSize(10);
    }

    @Test
    void optionsThatContradictTheTypeAreErrors() {
        assertThatThrownBy(() -> options(TokenizerType.BPE, 300, true, List.of(), 0))
                .hasMessageStartingWith("train.lowercase is true");
        assertThatThrownBy(() -> options(TokenizerType.BPE, 300, false, List.of(), 10))
                .hasMessageStartingWith("train.limitAlphabet is 10");
        assertThatThrownBy(() -> options(TokenizerType.WORDPIECE, 300, false, List.of("[UNK]"), 0))
                .hasMessageStartingWith("train.specialTokens is [UNK]; a WordPiece tokenizer needs [PAD]");
        assertThatThrownBy(() -> options(TokenizerType.BPE, 300, false, List.of("<s>", "<s>"), 0))
                .hasMessageContaining("<s> twice");
        assertThatThrownBy(() -> bytePairs(300, 0, 0)).hasMessage("train.minFrequency is 0; expected at least 1");
        assertThatThrownBy(() -> bytePairs(300, 1, 1)).hasMessageStartingWith("train.maxTokenLength is 1");
    }

    @Test
    void wordsMustComeInOrder() {
        CountedWords.Builder builder = new CountedWords.Builder().add(new byte[] {'b'}, 1);
        assertThatThrownBy(() -> builder.add(new byte[] {'a'}, 1)).hasMessageContaining("out of order");
        assertThatThrownBy(() -> builder.add(new byte[] {'b'}, 1)).hasMessageContaining("out of order");
        assertThat(builder.add(new byte[] {(byte) 0xc3, (byte) 0xa9}, 2).build().occurrences())
                .isEqualTo(3);
    }

    @Test
    void progressCountsTokens() {
        List<Integer> told = new ArrayList<>();
        TokenizerType.BPE.train(
                WordsOf.text("ab ab abc abc"), bytePairs(BASE + 2, 2, 0), (done, total) -> told.add(done));
        assertThat(told).containsExactly(BASE + 1, BASE + 2);
    }

    private static void assertAgree(TrainedTokenizer trained, NaiveMerges naive) {
        if (naive.sameTokenTwice) {
            assertThat(trained.vocabulary()).startsWith(naive.vocabulary.toArray(String[]::new));
        } else {
            assertThat(trained.vocabulary()).isEqualTo(naive.vocabulary);
        }
    }

    private static TrainedTokenizer wordPieces(
            Map<String, Long> corpus, int size, int minFrequency, int limitAlphabet) {
        return TokenizerType.WORDPIECE.train(
                WordsOf.counts(new TreeMap<>(corpus)),
                new TrainTokenizerOptions(
                        TokenizerType.WORDPIECE, size, minFrequency, true, List.of(), limitAlphabet, 0, 1024),
                TrainProgress.SILENT);
    }

    private static TrainTokenizerOptions bytePairs(int size, int minFrequency, int maxTokenLength) {
        return new TrainTokenizerOptions(
                TokenizerType.BPE, size, minFrequency, false, List.of(), 0, maxTokenLength, 1024);
    }

    private static TrainTokenizerOptions options(
            TokenizerType type, int size, boolean lowercase, List<String> special, int limitAlphabet) {
        return new TrainTokenizerOptions(type, size, 2, lowercase, special, limitAlphabet, 0, 1024);
    }
}
