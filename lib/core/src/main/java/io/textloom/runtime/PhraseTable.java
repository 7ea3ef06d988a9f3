package io.textloom.runtime;

import io.textloom.model.ModelException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which neighbouring ids of word vectors are one: each pass goes from left to right and joins what it can, and in the end phrases without a vector fall apart into their two parts. Immutable.
 */
final class PhraseTable {
    private static final int COLUMNS = 4;

    private final List<Map<Long, Integer>> passes = new ArrayList<>();

    /** Phrase → its two parts, of those without a vector. */
    private final Map<Integer, Parts> apart = new HashMap<>();

    /** @param words how many words the left one is */
    private record Parts(int left, int right, int words) {}

    private PhraseTable() {}

    /**
     * @param vocabulary number of ids
     * @param words number of those with a vector, which are the first; without a file there are no phrases
     */
    static PhraseTable read(Path file, int vocabulary, int words) {
        PhraseTable table = new PhraseTable();
        if (!Files.isRegularFile(file)) {
            return table;
        }
        Map<Integer, Integer> lengths = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                table.add(line.split("\t", -1), vocabulary, words, lengths);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelException(
                    "Cannot read " + file + ": " + e.getMessage()
                            + "; expected lines of pass, left id, right id, id of both, text",
                    e);
        }
        return table;
    }

    /** @param lengths phrase → how many words it is; added to */
    private void add(String[] fields, int vocabulary, int words, Map<Integer, Integer> lengths) {
        if (fields.length < COLUMNS) {
            throw new IllegalArgumentException("a line has " + fields.length + " columns");
        }
        int[] numbers =
                Arrays.stream(fields, 0, COLUMNS).mapToInt(Integer::parseInt).toArray();
        int pass = numbers[0];
        if (pass < 1 || pass > passes.size() + 1) {
            throw new IllegalArgumentException("a line has pass " + pass + " behind pass " + passes.size());
        }
        for (int i = 1; i < COLUMNS; i++) {
            if (numbers[i] < 0 || numbers[i] >= vocabulary) {
                throw new IllegalArgumentException("a line has the id " + numbers[i] + " of " + vocabulary);
            }
        }
        if (pass > passes.size()) {
            passes.add(new HashMap<>());
        }
        int left = numbers[1];
        int right = numbers[2];
        int both = numbers[3];
        if (both == left || both == right || apart.containsKey(both)) {
            throw new IllegalArgumentException("a line makes the id " + both + " of itself, or anew");
        }
        passes.get(pass - 1).put(key(left, right), both);
        int length = lengths.getOrDefault(left, 1);
        lengths.put(both, length + lengths.getOrDefault(right, 1));
        if (both >= words) {
            apart.put(both, new Parts(left, right, length));
        }
    }

    /**
     * @param ids of words, overwritten with those of words and phrases
     * @param words of each place how many words it stands for, overwritten
     * @return how many places are left
     */
    int join(int[] ids, int[] words) {
        Arrays.fill(words, 1);
        int size = ids.length;
        for (Map<Long, Integer> pass : passes) {
            int to = 0;
            for (int from = 0; from < size; from++, to++) {
                Integer both = from + 1 < size ? pass.get(key(ids[from], ids[from + 1])) : null;
                ids[to] = both == null ? ids[from] : both;
                words[to] = both == null ? words[from] : words[from] + words[from + 1];
                from += both == null ? 0 : 1;
            }
            size = to;
        }
        for (int i = 0; !apart.isEmpty() && i < size; i++) {
            for (Parts parts = apart.get(ids[i]); parts != null; parts = apart.get(ids[i])) {
                System.arraycopy(ids, i + 1, ids, i + 2, size - i - 1);
                System.arraycopy(words, i + 1, words, i + 2, size - i - 1);
                ids[i] = parts.left;
                ids[i + 1] = parts.right;
                words[i + 1] = words[i] - parts.words;
                words[i] = parts.words;
                size++;
            }
        }
        return size;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
