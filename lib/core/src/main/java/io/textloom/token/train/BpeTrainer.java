package io.textloom.token.train;

import io.textloom.token.vocabulary.ByteAlphabet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains byte-level byte pair encoding. Ids: the special tokens, the 256 byte letters in the order of their code points, then the merges. On the same words and counts the result equals that of
 * Hugging Face's {@code BpeTrainer} with {@code initial_alphabet=ByteLevel.alphabet()}.
 */
public final class BpeTrainer {
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
        int[] ids = new int[TrainTokenizerOptions.BYTES];
        IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparing(ByteAlphabet::character))
                .forEach(b -> ids[b] = vocabulary.add(Character.toString(ByteAlphabet.character(b)), 1));
        return ids;
    }
}
