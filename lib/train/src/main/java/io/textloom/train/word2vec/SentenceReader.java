package io.textloom.train.word2vec;

import io.textloom.text.SentenceSplitter;
import io.textloom.token.train.WordSplitter;
import io.textloom.token.train.WordSplitters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts to sentences of word and phrase numbers, with gaps where words without a number stood. For one thread. */
final class SentenceReader implements WordSplitter.Sink {
    /** Where words stood that have no number: the words around it are no neighbours. */
    static final int GAP = -1;

    /** Longer sentences are cut; unit: words */
    static final int MAX_SENTENCE = 10_000;

    private final Units units;
    private final boolean sentences;
    private final WordSplitter words;
    private final SentenceSplitter splitter = new SentenceSplitter();
    private int[] ids = new int[256];
    private int size;

    SentenceReader(Units units, boolean sentences, boolean lowercase) {
        this.units = units;
        this.sentences = sentences;
        this.words = WordSplitters.words(lowercase);
    }

    /** Takes sentences. */
    interface Sink {
        /** @param ids the sentence, of at least one word, in {@code [from, to)}, with {@link #GAP}s; valid during the call alone */
        void sentence(int[] ids, int from, int to);
    }

    void read(String text, Sink sink) {
        if (!sentences) {
            read(text.getBytes(StandardCharsets.UTF_8), sink);
            return;
        }
        int count = splitter.split(text);
        for (int i = 0; i < count; i++) {
            read(text.substring(splitter.start(i), splitter.end(i)).getBytes(StandardCharsets.UTF_8), sink);
        }
    }

    private void read(byte[] utf8, Sink sink) {
        size = 0;
        words.split(utf8, 0, utf8.length, this);
        int length = units.join(ids, size);
        for (int from = 0; from < length; ) {
            int to = from;
            int count = 0;
            for (; to < length && count < MAX_SENTENCE; to++) {
                count += ids[to] == GAP ? 0 : 1;
            }
            if (count > 0) {
                sink.sentence(ids, from, to);
            }
            from = to;
        }
    }

    @Override
    public void word(byte[] utf8, int from, int to) {
        int number = units.words.number(utf8, from, to);
        if (number < 0 && (size == 0 || ids[size - 1] == GAP)) {
            return;
        }
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = number < 0 ? GAP : number;
    }
}
