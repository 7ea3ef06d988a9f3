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

/** Which neighbouring ids of word vectors are one: each pass goes from left to right and joins what it can. Immutable. */
final class PhraseTable {
    private static final int COLUMNS = 4;

    private final List<Map<Long, Integer>> passes;

    private PhraseTable(List<Map<Long, Integer>> passes) {
        this.passes = passes;
    }

    /** @param vocabulary number of ids; without a file there are no phrases */
    static PhraseTable read(Path file, int vocabulary) {
        List<Map<Long, Integer>> passes = new ArrayList<>();
        if (!Files.isRegularFile(file)) {
            return new PhraseTable(passes);
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line.split("\t", -1), vocabulary, passes);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelException(
                    "Cannot read " + file + ": " + e.getMessage()
                            + "; expected lines of pass, left id, right id, id of both, text",
                    e);
        }
        return new PhraseTable(passes);
    }

    private static void add(String[] fields, int vocabulary, List<Map<Long, Integer>> passes) {
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
        passes.get(pass - 1).put(key(numbers[1], numbers[2]), numbers[3]);
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
        return size;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
