package io.textloom.token.train;

import java.util.List;

/**
 * Trains byte-level byte pair encoding. Ids: the special tokens, the 256 byte letters in the order of their code points, then the merges. On the same words and counts the result equals that of
 * Hugging Face's {@code BpeTrainer} with {@code initial_alphabet=ByteLevel.alphabet()}.
 */
public final class BpeTrainer {
    /** Letters of the alphabet end before this code point. */
    private static final int LETTERS_END = 0x200;

    private BpeTrainer() {}

    static TrainedTokenizer train(CountedWords words, TrainTokenizerOptions options, TrainProgress progress) {
        Vocabulary vocabulary = new Vocabulary(options.specialTokens());
        int[] ids = addAlphabet(vocabulary);
        SymbolWords symbols = new SymbolWords(words.bytes());
        byte[] utf8 = words.utf8();
        for (int word = 0; word < words.size(); word++) {
            for (int i = words.start(word); i < words.end(word); i++) {
                symbols.add(ids[utf8[i] & 0xff]);
            }
            symbols.endWord(words.count(word));
        }
        List<TokenPair> merges = new MergeEngine(
                        symbols, vocabulary, "", options.minFrequency(), options.maxTokenLength())
                .run(options.vocabularySize(), progress);
        return new TrainedTokenizer(options, vocabulary.tokens(), merges);
    }

    /** Byte → id. */
    private static int[] addAlphabet(Vocabulary vocabulary) {
        int[] byteOf = new int[LETTERS_END];
        boolean[] isLetter = new boolean[LETTERS_END];
        for (int value = 0; value < TrainTokenizerOptions.BYTES; value++) {
            byteOf[ByteLetters.of(value)] = value;
            isLetter[ByteLetters.of(value)] = true;
        }
        int[] ids = new int[TrainTokenizerOptions.BYTES];
        for (int letter = 0; letter < LETTERS_END; letter++) {
            if (isLetter[letter]) {
                ids[byteOf[letter]] = vocabulary.add(String.valueOf((char) letter), 1);
            }
        }
        return ids;
    }
}
