package io.textloom.train.word2vec;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a corpus is made of: words, and phrases that passes make of neighbours. Words have the first numbers, phrases the following, pass by pass. Immutable; travels to executors.
 */
@DefaultSerializer(JavaSerializer.class)
final class Units implements Serializable {
    private static final long serialVersionUID = 1;

    private static final String JOINT = "_";

    final WordIndex words;
    private final ArrayList<PairTable> passes;
    private final ArrayList<long[]> phrases;

    private Units(WordIndex words, List<PairTable> passes, List<long[]> phrases) {
        this.words = words;
        this.passes = new ArrayList<>(passes);
        this.phrases = new ArrayList<>(phrases);
    }

    Units(WordIndex words) {
        this(words, List.of(), List.of());
    }

    /** The same with one more pass. */
    Units with(long[] pairs) {
        PairTable table = new PairTable();
        for (int i = 0; i < pairs.length; i++) {
            table.put(pairs[i], size() + i);
        }
        List<PairTable> morePasses = new ArrayList<>(passes);
        morePasses.add(table);
        List<long[]> morePhrases = new ArrayList<>(phrases);
        morePhrases.add(pairs);
        return new Units(words, morePasses, morePhrases);
    }

    int passes() {
        return passes.size();
    }

    /** The pairs that a pass joins, in the order of the phrases' numbers. */
    long[] pairs(int pass) {
        return phrases.get(pass);
    }

    /** Number of the first phrase of a pass. */
    int firstOf(int pass) {
        int first = words.size();
        for (int i = 0; i < pass; i++) {
            first += phrases.get(i).length;
        }
        return first;
    }

    /** Number of all words and phrases. */
    int size() {
        return firstOf(passes.size());
    }

    /** The two units that a phrase joins. */
    long pair(int phrase) {
        int pass = 0;
        while (phrase >= firstOf(pass) + phrases.get(pass).length) {
            pass++;
        }
        return phrases.get(pass)[phrase - firstOf(pass)];
    }

    String text(int unit) {
        if (unit < words.size()) {
            return words.word(unit);
        }
        long pair = pair(unit);
        return text(PairTable.left(pair)) + JOINT + text(PairTable.right(pair));
    }

    /**
     * Makes phrases of a sentence of words, in place; gaps stay.
     *
     * @return its length now
     */
    int join(int[] ids, int length) {
        int size = length;
        for (PairTable pass : passes) {
            int to = 0;
            for (int from = 0; from < size; from++, to++) {
                boolean pair = from + 1 < size && ids[from] >= 0 && ids[from + 1] >= 0;
                long both = pair ? pass.get(PairTable.key(ids[from], ids[from + 1])) : -1;
                ids[to] = both < 0 ? ids[from] : (int) both;
                from += both < 0 ? 0 : 1;
            }
            size = to;
        }
        return size;
    }
}
