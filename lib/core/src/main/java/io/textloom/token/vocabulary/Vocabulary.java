package io.textloom.token.vocabulary;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Tokens and their ids, both ways, in flat arrays. Immutable and safe for concurrent use.
 *
 * <p>Tokens are byte strings: UTF-8 as the file spells them. Not every id below {@link #size} needs a token.
 */
public final class Vocabulary {
    /** Ids are packed into 22 bits beside a length; unit: ids. */
    public static final int MAX_SIZE = 1 << 22;

    /** All tokens together; unit: bytes. */
    public static final int MAX_BYTES = 1 << 26;

    private final byte[] pool;
    private final int[] starts;
    private final int[] ends;
    private final int[] table;

    private Vocabulary(byte[] pool, int[] starts, int[] ends, int[] table) {
        this.pool = pool;
        this.starts = starts;
        this.ends = ends;
        this.table = table;
    }

    /** One more than the largest id. */
    public int size() {
        return starts.length;
    }

    /** The id of {@code text[from, to)}; -1 if it is no token. */
    public int id(byte[] text, int from, int to) {
        int mask = table.length - 1;
        for (int slot = hash(text, from, to) & mask; ; slot = slot + 1 & mask) {
            int id = table[slot] - 1;
            if (id < 0 || Arrays.equals(pool, starts[id], ends[id], text, from, to)) {
                return id;
            }
        }
    }

    /** The id of a token; -1 if there is none. */
    public int id(String token) {
        byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
        return id(utf8, 0, utf8.length);
    }

    public boolean has(int id) {
        return id >= 0 && id < starts.length && ends[id] >= 0;
    }

    /** Length of a token; unit: bytes. */
    public int length(int id) {
        return ends[id] - starts[id];
    }

    public byte byteAt(int id, int index) {
        return pool[starts[id] + index];
    }

    /** A copy of the token's bytes. */
    public byte[] bytes(int id) {
        return Arrays.copyOfRange(pool, starts[id], ends[id]);
    }

    public String token(int id) {
        return new String(pool, starts[id], ends[id] - starts[id], StandardCharsets.UTF_8);
    }

    private static int hash(byte[] text, int from, int to) {
        int hash = 0x9747b28c;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text[i] & 0xff) * 0x01000193;
        }
        return hash ^ hash >>> 15;
    }

    /** Collects tokens in any order. Not safe for concurrent use. */
    public static final class Builder {
        /** Ids may leave gaps, but what is allocated follows from the tokens that are there; unit: ids. */
        private static final int MAX_GAPS = 1 << 16;

        private static final int MAX_GAPS_PER_TOKEN = 15;

        private byte[] pool = new byte[1 << 12];
        // of each token in the order of arrival
        private int[] ids = new int[1 << 8];
        private int[] ends = new int[1 << 8];
        private final BitSet hidden = new BitSet();
        private int count;

        /**
         * @throws IllegalArgumentException if the id is out of range
         */
        public void add(String token, long id) {
            add(token.getBytes(StandardCharsets.UTF_8), id, true);
        }

        /**
         * @param findable whether {@link Vocabulary#id} finds the token; one that is not is there to be decoded only
         * @throws IllegalArgumentException if the id is out of range
         */
        public void add(byte[] token, long id, boolean findable) {
            if (id < 0 || id >= MAX_SIZE) {
                throw new IllegalArgumentException("the token \"" + shown(token, 0, token.length) + "\" has the id "
                        + id + "; expected 0 to " + (MAX_SIZE - 1));
            }
            int used = used();
            if ((long) used + token.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the tokens are more than " + MAX_BYTES + " bytes long together; expected less");
            }
            if (used + token.length > pool.length) {
                pool = Arrays.copyOf(pool, Math.max(used + token.length, 2 * pool.length));
            }
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            System.arraycopy(token, 0, pool, used, token.length);
            hidden.set(count, !findable);
            ids[count] = (int) id;
            ends[count++] = used + token.length;
        }

        private int used() {
            return count == 0 ? 0 : ends[count - 1];
        }

        /** unit: tokens */
        public int count() {
            return count;
        }

        /** @throws IllegalArgumentException if a token has two ids, or two tokens have one, or the ids have too many gaps */
        public Vocabulary build() {
            return build(true);
        }

        /**
         * Where a token has several ids, the last one is its id.
         *
         * @throws IllegalArgumentException if two tokens have one id, or the ids have too many gaps
         */
        public Vocabulary buildWithRepeats() {
            return build(false);
        }

        private Vocabulary build(boolean distinct) {
            int size = size();
            int capacity = Integer.highestOneBit(Math.max(8, count)) * 4;
            Vocabulary vocabulary =
                    new Vocabulary(Arrays.copyOf(pool, used()), new int[size], new int[size], new int[capacity]);
            BitSet unfindable = place(vocabulary);
            int mask = capacity - 1;
            for (int id = 0; id < size; id++) {
                if (!vocabulary.has(id) || unfindable.get(id)) {
                    continue;
                }
                int from = vocabulary.starts[id];
                int to = vocabulary.ends[id];
                int slot = hash(pool, from, to) & mask;
                while (vocabulary.table[slot] != 0) {
                    int other = vocabulary.table[slot] - 1;
                    if (Arrays.equals(pool, vocabulary.starts[other], vocabulary.ends[other], pool, from, to)) {
                        if (distinct) {
                            throw new IllegalArgumentException("the token \"" + shown(pool, from, to)
                                    + "\" has the ids " + other + " and " + id + "; expected one id for a token");
                        }
                        break;
                    }
                    slot = slot + 1 & mask;
                }
                vocabulary.table[slot] = id + 1;
            }
            return vocabulary;
        }

        private int size() {
            int size = 0;
            for (int i = 0; i < count; i++) {
                size = Math.max(size, ids[i] + 1);
            }
            if (size > MAX_GAPS + (1L + MAX_GAPS_PER_TOKEN) * count) {
                throw new IllegalArgumentException("the largest id is " + (size - 1) + " for " + count
                        + " tokens; expected ids that leave fewer gaps");
            }
            return size;
        }

        /** Tokens to their ids. @return the ids of those that are there to be decoded only */
        private BitSet place(Vocabulary vocabulary) {
            Arrays.fill(vocabulary.ends, -1);
            BitSet unfindable = new BitSet();
            int from = 0;
            for (int i = 0; i < count; from = ends[i++]) {
                int id = ids[i];
                if (vocabulary.has(id)) {
                    throw new IllegalArgumentException("the tokens \""
                            + shown(pool, vocabulary.starts[id], vocabulary.ends[id]) + "\" and \""
                            + shown(pool, from, ends[i]) + "\" have the same id " + id
                            + "; expected one token for an id");
                }
                vocabulary.starts[id] = from;
                vocabulary.ends[id] = ends[i];
                unfindable.set(id, hidden.get(i));
            }
            return unfindable;
        }

        /** The beginning of a token, for messages. */
        private static String shown(byte[] token, int from, int to) {
            String text = new String(token, from, Math.min(to - from, 40), StandardCharsets.UTF_8);
            return to - from <= 40 ? text : text + "…";
        }
    }
}
