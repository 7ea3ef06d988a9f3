package io.textloom.generate;

import java.util.Arrays;

/** The different tokens of a history, each with the times it is in the completion: a hash table that is added to. */
final class TokenCounts {
    private static final int SPREAD = 0x9e3779b9;

    private int[] tokens = new int[32];
    private int[] inCompletion = new int[32];
    private int size;
    /** Number of a token above, counted from 1; 0 where a place is free. A power of two long, at most half full. */
    private int[] table = new int[64];

    /** Tokens of the history that are in it. */
    private int read;

    void update(TokenHistory history) {
        for (; read < history.length(); read++) {
            int entry = entry(history.token(read));
            if (read >= history.promptLength) {
                inCompletion[entry]++;
            }
        }
    }

    int size() {
        return size;
    }

    /** The different tokens in the order in which they first came. */
    int token(int entry) {
        return tokens[entry];
    }

    int inCompletion(int entry) {
        return inCompletion[entry];
    }

    private int entry(int token) {
        int place = place(token);
        if (table[place] == 0) {
            if (size == tokens.length) {
                tokens = Arrays.copyOf(tokens, size * 2);
                inCompletion = Arrays.copyOf(inCompletion, size * 2);
                table = new int[size * 4];
                for (int i = 0; i < size; i++) {
                    table[place(tokens[i])] = i + 1;
                }
                place = place(token);
            }
            tokens[size] = token;
            table[place] = ++size;
        }
        return table[place] - 1;
    }

    private int place(int token) {
        int place = (token * SPREAD) >>> (Integer.numberOfLeadingZeros(table.length) + 1);
        while (table[place] != 0 && tokens[table[place] - 1] != token) {
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }
}
