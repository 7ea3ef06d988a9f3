package io.textloom.train.word2vec;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** All that is known of a corpus before its first epoch: which words and phrases get a vector, and where the encoded sentences lie. Kept in a file, so that a resumed training begins with it. */
final class Prepared {
    static final String ROWS_IN = "rowsIn";
    static final String TEXT_BYTES = "textBytes";
    static final String WORDS_LEFT_OUT = "wordsLeftOut";
    static final String RARE_WORDS = "rareWords";

    private static final int FORMAT = 2;

    /** Texts by id; those behind {@link #counts} have no vector, but are parts of phrases. */
    final String[] texts;

    /** Occurrences of those with a vector, in falling order. */
    final long[] counts;

    /** Unit number → id; -1 for a word without one; -2 and below for a phrase without one, which is its parts again: -2 - the place in {@link #apart}. */
    private final int[] ids;

    /** Ids of the parts of each phrase that has no vector. */
    private final List<int[]> apart;

    /** Of each phrase: pass from 1, left id, right id, own id. */
    final List<int[]> phrases;

    final List<String> parts;
    final SortedMap<String, Long> figures;
    final SortedMap<String, Long> rejected;

    private Prepared(
            String[] texts,
            long[] counts,
            int[] ids,
            List<int[]> apart,
            List<int[]> phrases,
            List<String> parts,
            SortedMap<String, Long> figures,
            SortedMap<String, Long> rejected) {
        this.texts = texts;
        this.counts = counts;
        this.ids = ids;
        this.apart = apart;
        this.phrases = phrases;
        this.parts = parts;
        this.figures = figures;
        this.rejected = rejected;
    }

    /**
     * @param occurrences of each unit in the encoded corpus
     * @param minCount rarer units have no vector
     * @param maxWords most that have one; 0 for all
     */
    static Prepared of(
            Units units,
            long[] occurrences,
            int minCount,
            int maxWords,
            List<String> parts,
            SortedMap<String, Long> figures,
            SortedMap<String, Long> rejected) {
        String[] names =
                IntStream.range(0, occurrences.length).mapToObj(units::text).toArray(String[]::new);
        long[] counted = occurrences.clone();
        takeApart(units, counted, unit -> counted[unit] >= minCount);
        Comparator<Integer> falling =
                Comparator.<Integer>comparingLong(unit -> -counted[unit]).thenComparing(unit -> names[unit]);
        BitSet chosen = new BitSet();
        IntStream.range(0, occurrences.length)
                .filter(unit -> counted[unit] >= minCount)
                .boxed()
                .sorted(falling)
                .limit(maxWords == 0 ? Long.MAX_VALUE : maxWords)
                .forEach(chosen::set);
        takeApart(units, counted, chosen::get);
        int[] order =
                chosen.stream().boxed().sorted(falling).mapToInt(unit -> unit).toArray();
        int[] ids = new int[occurrences.length];
        Arrays.fill(ids, -1);
        List<String> texts = new ArrayList<>();
        long[] counts = new long[order.length];
        for (int id = 0; id < order.length; id++) {
            ids[order[id]] = id;
            texts.add(names[order[id]]);
            counts[id] = counted[order[id]];
        }
        int[] served = ids.clone();
        List<int[]> phrases = new ArrayList<>();
        for (int pass = 0; pass < units.passes(); pass++) {
            long[] pairs = units.pairs(pass);
            for (int i = 0; i < pairs.length; i++) {
                int[] line = {
                    pass + 1, PairTable.left(pairs[i]), PairTable.right(pairs[i]), units.firstOf(pass) + i,
                };
                for (int column = 1; column < line.length; column++) {
                    int unit = line[column];
                    if (served[unit] < 0) {
                        served[unit] = texts.size();
                        texts.add(names[unit]);
                    }
                    line[column] = served[unit];
                }
                phrases.add(line);
            }
        }
        List<int[]> apart = new ArrayList<>();
        for (int unit = units.firstOf(0); unit < ids.length; unit++) {
            if (ids[unit] < 0) {
                apart.add(parts(units.pair(unit), ids, apart));
                ids[unit] = -1 - apart.size();
            }
        }
        return new Prepared(texts.toArray(String[]::new), counts, ids, apart, phrases, parts, figures, rejected);
    }

    /** A phrase without a vector is its two parts again, each of which may be a phrase. */
    private static void takeApart(Units units, long[] counted, IntPredicate hasVector) {
        for (int unit = counted.length - 1; unit >= units.firstOf(0); unit--) {
            if (!hasVector.test(unit)) {
                long pair = units.pair(unit);
                counted[PairTable.left(pair)] += counted[unit];
                counted[PairTable.right(pair)] += counted[unit];
                counted[unit] = 0;
            }
        }
    }

    private static int[] parts(long pair, int[] ids, List<int[]> apart) {
        return IntStream.of(PairTable.left(pair), PairTable.right(pair))
                .map(unit -> ids[unit])
                .flatMap(id -> id < -1 ? Arrays.stream(apart.get(-2 - id)) : IntStream.of(id))
                .filter(id -> id >= 0)
                .toArray();
    }

    /** @see Corpus.Words#ids */
    int ids(int unit, int[] into, int at) {
        int id = ids[unit];
        if (id >= 0) {
            into[at] = id;
            return 1;
        }
        if (id == -1) {
            return 0;
        }
        int[] parts = apart.get(-2 - id);
        System.arraycopy(parts, 0, into, at, parts.length);
        return parts.length;
    }

    /** Number of words and phrases with a vector. */
    int words() {
        return counts.length;
    }

    /** Occurrences of those in the corpus: what an epoch reads. */
    long corpusWords() {
        return Arrays.stream(counts).sum();
    }

    long figure(String name) {
        return figures.getOrDefault(name, 0L);
    }

    long rowsRejected() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(FORMAT);
        out.writeInt(texts.length);
        for (String text : texts) {
            write(text, out);
        }
        out.writeInt(counts.length);
        for (long count : counts) {
            out.writeLong(count);
        }
        out.writeInt(ids.length);
        for (int id : ids) {
            out.writeInt(id);
        }
        out.writeInt(apart.size());
        for (int[] parts : apart) {
            out.writeInt(parts.length);
            for (int id : parts) {
                out.writeInt(id);
            }
        }
        out.writeInt(phrases.size());
        for (int[] phrase : phrases) {
            for (int number : phrase) {
                out.writeInt(number);
            }
        }
        out.writeInt(parts.size());
        for (String part : parts) {
            write(part, out);
        }
        write(figures, out);
        write(rejected, out);
    }

    static Prepared read(DataInputStream in) throws IOException {
        int format = in.readInt();
        if (format != FORMAT) {
            throw new IOException("the prepared vocabulary has format " + format + "; expected " + FORMAT
                    + ", start anew with --mode overwrite");
        }
        String[] texts = new String[in.readInt()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = readText(in);
        }
        long[] counts = new long[in.readInt()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.readLong();
        }
        int[] ids = new int[in.readInt()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = in.readInt();
        }
        List<int[]> apart = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            int[] parts = new int[in.readInt()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = in.readInt();
            }
            apart.add(parts);
        }
        List<int[]> phrases = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            phrases.add(new int[] {in.readInt(), in.readInt(), in.readInt(), in.readInt()});
        }
        List<String> parts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            parts.add(readText(in));
        }
        return new Prepared(texts, counts, ids, apart, phrases, parts, readNumbers(in), readNumbers(in));
    }

    private static void write(SortedMap<String, Long> numbers, DataOutputStream out) throws IOException {
        out.writeInt(numbers.size());
        for (var entry : numbers.entrySet()) {
            write(entry.getKey(), out);
            out.writeLong(entry.getValue());
        }
    }

    private static SortedMap<String, Long> readNumbers(DataInputStream in) throws IOException {
        SortedMap<String, Long> numbers = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            numbers.put(readText(in), in.readLong());
        }
        return numbers;
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[in.readInt()];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
