package io.textloom.token.file;

import io.textloom.token.vocabulary.Merges;
import io.textloom.token.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Merges as a file lists them: pairs of tokens in the order of their ranks. Not safe for concurrent use. */
final class PairList {
    private static final int MAX_BYTES = 1 << 26;

    private final int max;
    private byte[] pool = new byte[1 << 16];
    private int used;
    private int[] ends = new int[1 << 12];
    private int size;

    /** @param max unit: pairs */
    PairList(int max) {
        this.max = max;
    }

    /** A merge in one string, a space between its tokens. */
    void add(String merge) {
        int space = merge.indexOf(' ');
        if (space < 0 || merge.indexOf(' ', space + 1) >= 0) {
            throw new IllegalArgumentException("the merge " + (size + 1) + " is \"" + shown(merge)
                    + "\"; expected two tokens with a space between");
        }
        add(merge.substring(0, space), merge.substring(space + 1));
    }

    void add(String left, String right) {
        if (size == max) {
            throw new IllegalArgumentException("there are more than " + max + " merges; expected at most that");
        }
        if (2 * size + 2 > ends.length) {
            ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        ends[2 * size] = append(left);
        ends[2 * size + 1] = append(right);
        size++;
    }

    private int append(String token) {
        byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
        if ((long) used + utf8.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the merges are more than " + MAX_BYTES + " bytes long together; expected less");
        }
        if (used + utf8.length > pool.length) {
            pool = Arrays.copyOf(pool, Math.max(used + utf8.length, 2 * pool.length));
        }
        System.arraycopy(utf8, 0, pool, used, utf8.length);
        used += utf8.length;
        return used;
    }

    /** unit: pairs */
    int size() {
        return size;
    }

    /**
     * @param prefix of tokens inside a word, which a right token loses; may be empty
     * @throws IllegalArgumentException if a pair or what it makes is not in the vocabulary
     */
    Merges build(Vocabulary vocabulary, String prefix) {
        int cut = prefix.getBytes(StandardCharsets.UTF_8).length;
        Merges.Builder merges = new Merges.Builder(size);
        for (int i = 0; i < size; i++) {
            int start = i == 0 ? 0 : ends[2 * i - 1];
            int middle = ends[2 * i];
            int end = ends[2 * i + 1];
            int left = id(vocabulary, i, start, middle);
            int right = id(vocabulary, i, middle, end);
            merges.add(
                    left, right, cut == 0 ? id(vocabulary, i, start, end) : id(vocabulary, i, start, middle, end, cut));
        }
        return merges.build();
    }

    private int id(Vocabulary vocabulary, int merge, int from, int middle, int to, int cut) {
        byte[] made = Arrays.copyOfRange(pool, from, to - Math.min(cut, to - middle));
        System.arraycopy(
                pool, to - (made.length - (middle - from)), made, middle - from, made.length - (middle - from));
        return known(vocabulary.id(made, 0, made.length), merge, from, to);
    }

    private int id(Vocabulary vocabulary, int merge, int from, int to) {
        return known(vocabulary.id(pool, from, to), merge, from, to);
    }

    private int known(int id, int merge, int from, int to) {
        if (id < 0) {
            String token = new String(pool, from, Math.min(40, to - from), StandardCharsets.UTF_8);
            throw new IllegalArgumentException("the merge " + (merge + 1) + " needs the token \"" + token
                    + "\", which the vocabulary does not have; expected merges of tokens into tokens");
        }
        return id;
    }

    /** Whether two tokens may merge of which the right one begins with the mark and the left one does not end with it. */
    boolean joinsBefore(String mark) {
        byte[] utf8 = mark.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < size; i++) {
            int middle = ends[2 * i];
            int start = i == 0 ? 0 : ends[2 * i - 1];
            if (matches(utf8, middle, ends[2 * i + 1])
                    && !(middle - utf8.length >= start && matches(utf8, middle - utf8.length, middle))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(byte[] utf8, int from, int to) {
        return to - from >= utf8.length && Arrays.equals(pool, from, from + utf8.length, utf8, 0, utf8.length);
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
