package io.textloom.token.vocabulary;

/**
 * Which pairs of tokens merge, in which order, into what. Immutable after {@link Builder#build} and safe for concurrent use.
 */
public final class Merges {
    private final long[] table;
    private final int[] made;
    private final int mask;

    private Merges(long[] table, int[] made) {
        this.table = table;
        this.made = made;
        mask = table.length / 2 - 1;
    }

    /** The rank of a pair, lower merges first; {@link Integer#MAX_VALUE} if it does not merge. */
    public int rank(int left, int right) {
        long key = key(left, right);
        for (int slot = slot(key) & mask; ; slot = slot + 1 & mask) {
            long found = table[2 * slot];
            if (found == key) {
                return (int) table[2 * slot + 1];
            }
            if (found == 0) {
                return Integer.MAX_VALUE;
            }
        }
    }

    /** The token that the pair of this rank becomes. */
    public int made(int rank) {
        return made[rank];
    }

    /** unit: pairs */
    public int size() {
        return made.length;
    }

    /** Never 0. */
    private static long key(int left, int right) {
        return (long) left << 32 | right + 1;
    }

    private static int slot(long key) {
        return (int) (key * 0x9e3779b97f4a7c15L >>> 32);
    }

    /** Not safe for concurrent use. */
    public static final class Builder {
        private final long[] table;
        private final int[] made;
        private int size;

        /** @param count how many pairs will be added at most */
        public Builder(int count) {
            table = new long[Integer.highestOneBit(Math.max(8, count)) * 8];
            made = new int[count];
        }

        /** The next pair in rank; one that was there before takes the new rank, as in the reference. */
        public void add(int left, int right, int token) {
            long key = key(left, right);
            int mask = table.length / 2 - 1;
            int slot = slot(key) & mask;
            while (table[2 * slot] != 0 && table[2 * slot] != key) {
                slot = slot + 1 & mask;
            }
            table[2 * slot] = key;
            table[2 * slot + 1] = size;
            made[size++] = token;
        }

        public Merges build() {
            return new Merges(table, made);
        }
    }
}
