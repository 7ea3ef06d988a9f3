package io.textloom.token.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Trains a WordPiece vocabulary as Hugging Face's {@code WordPieceTrainer} does: by merging the most frequent pairs, as BPE, with {@code ##} before every symbol that does not begin its word.
 *
 * <p>Ids: the special tokens, the characters in the order of their code points, the continuations in the same order, then the merges. Hugging Face numbers the
 * continuations, and picks among equally frequent characters under {@code limit_alphabet}, in the order of a hash map that changes from run to run, and the
 * numbers decide between pairs of the same count. Here the smaller code point comes first, so the same words always give the same vocabulary.
 */
public final class WordPieceTrainer {
    static final String CONTINUATION = "##";
    private static final int CODE_POINTS = Character.MAX_CODE_POINT + 1;

    private WordPieceTrainer() {}

    /** @throws IllegalArgumentException if the vocabulary size does not hold the special tokens and the alphabet */
    static TrainedTokenizer train(CountedWords words, TrainTokenizerOptions options, TrainProgress progress) {
        Vocabulary vocabulary = new Vocabulary(options.specialTokens());
        int[] kept = alphabet(words, options.limitAlphabet());
        for (int c : kept) {
            vocabulary.add(Character.toString(c), 1);
        }
        int[] first = ids(vocabulary, kept, "");
        addContinuations(words, vocabulary, first);
        if (vocabulary.size() > options.vocabularySize()) {
            throw new IllegalArgumentException("train.vocabSize is " + options.vocabularySize()
                    + "; the special tokens and the " + kept.length
                    + " characters of the input, at the beginning of words and inside of them, are " + vocabulary.size()
                    + " tokens already, raise it or set train.limitAlphabet");
        }
        SymbolWords symbols = symbols(words, first, ids(vocabulary, kept, CONTINUATION));
        new MergeEngine(symbols, vocabulary, CONTINUATION, options.minFrequency(), options.maxTokenLength())
                .run(options.vocabularySize(), progress);
        return new TrainedTokenizer(options, vocabulary.tokens(), List.of());
    }

    /** The most frequent characters, in the order of their code points. @param limit 0 for all */
    private static int[] alphabet(CountedWords words, int limit) {
        long[] counts = new long[CODE_POINTS];
        for (int word = 0; word < words.size(); word++) {
            for (int i = words.start(word); i < words.end(word); i = next(words.utf8(), i)) {
                counts[codePoint(words.utf8(), i)] += words.count(word);
            }
        }
        List<Integer> seen = new ArrayList<>();
        for (int c = 0; c < CODE_POINTS; c++) {
            if (counts[c] > 0) {
                seen.add(c);
            }
        }
        if (limit > 0 && seen.size() > limit) {
            seen.sort(Comparator.<Integer>comparingLong(c -> -counts[c]).thenComparing(c -> c));
            seen = seen.subList(0, limit);
        }
        return seen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    /** Code point → id of the token {@code prefix + character}; -1 for none. */
    private static int[] ids(Vocabulary vocabulary, int[] characters, String prefix) {
        int[] ids = new int[CODE_POINTS];
        Arrays.fill(ids, -1);
        for (int c : characters) {
            ids[c] = vocabulary.id(prefix + Character.toString(c));
        }
        return ids;
    }

    /** Adds every kept character that stands inside of a word, in the order of code points. */
    private static void addContinuations(CountedWords words, Vocabulary vocabulary, int[] first) {
        boolean[] inside = new boolean[CODE_POINTS];
        for (int word = 0; word < words.size(); word++) {
            for (int i = next(words.utf8(), words.start(word)); i < words.end(word); i = next(words.utf8(), i)) {
                inside[codePoint(words.utf8(), i)] = true;
            }
        }
        for (int c = 0; c < CODE_POINTS; c++) {
            if (inside[c] && first[c] >= 0) {
                vocabulary.add(CONTINUATION + Character.toString(c), 1);
            }
        }
    }

    /** Characters that are not kept are left out of their words. */
    private static SymbolWords symbols(CountedWords words, int[] first, int[] inside) {
        SymbolWords symbols = new SymbolWords(words.bytes());
        for (int word = 0; word < words.size(); word++) {
            for (int i = words.start(word); i < words.end(word); i = next(words.utf8(), i)) {
                int c = codePoint(words.utf8(), i);
                int id = i == words.start(word) ? first[c] : inside[c];
                if (id >= 0) {
                    symbols.add(id);
                }
            }
            symbols.endWord(words.count(word));
        }
        return symbols;
    }

    private static int next(byte[] utf8, int at) {
        int lead = utf8[at] & 0xff;
        return at + (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
    }

    private static int codePoint(byte[] utf8, int at) {
        int lead = utf8[at] & 0xff;
        if (lead < 0x80) {
            return lead;
        }
        int second = utf8[at + 1] & 0x3f;
        if (lead < 0xe0) {
            return (lead & 0x1f) << 6 | second;
        }
        int third = utf8[at + 2] & 0x3f;
        if (lead < 0xf0) {
            return (lead & 0xf) << 12 | second << 6 | third;
        }
        return (lead & 0x7) << 18 | second << 12 | third << 6 | utf8[at + 3] & 0x3f;
    }
}
