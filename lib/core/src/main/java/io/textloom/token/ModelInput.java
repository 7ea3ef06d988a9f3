package io.textloom.token;

/**
 * One input of a model: one or two sequences with the special tokens around them. Owns its arrays; a reader must not change them.
 */
public final class ModelInput {
    /** In {@link #sequences}: a special token, of neither sequence. */
    public static final byte SPECIAL = -1;

    private final int[] ids;
    private final int[] typeIds;
    private final byte[] sequences;
    private final int[] positions;
    private final int dropped;

    ModelInput(int[] ids, int[] typeIds, byte[] sequences, int[] positions, int dropped) {
        this.ids = ids;
        this.typeIds = typeIds;
        this.sequences = sequences;
        this.positions = positions;
        this.dropped = dropped;
    }

    /** A sequence without special tokens. */
    public static ModelInput bare(Tokens tokens) {
        int[] positions = new int[tokens.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i;
        }
        return new ModelInput(
                tokens.copyOfIds(0, positions.length),
                new int[positions.length],
                new byte[positions.length],
                positions,
                0);
    }

    /** unit: tokens */
    public int size() {
        return ids.length;
    }

    public int[] ids() {
        return ids;
    }

    /** Token type of each id: the segment, for BERT. */
    public int[] typeIds() {
        return typeIds;
    }

    /** Of each id the sequence it is from, 0 or 1, or {@link #SPECIAL}. */
    public byte[] sequences() {
        return sequences;
    }

    /** Of each id its place in its sequence, by which {@link Tokens#start} tells the characters; -1 for special tokens. */
    public int[] positions() {
        return positions;
    }

    /** Tokens of the sequences that are not in this input; unit: tokens. */
    public int dropped() {
        return dropped;
    }
}
