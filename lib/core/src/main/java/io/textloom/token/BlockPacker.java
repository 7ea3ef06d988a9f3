package io.textloom.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lays documents end to end and cuts the row of tokens into blocks of one length. No token is lost and none is in two blocks.
 *
 * <p>{@code [1 2 3] [4 5]} in blocks of 2 → {@code [1 2] [3 4] [5]}. Not safe for concurrent use.
 */
public final class BlockPacker {
    /**
     * Part of a document in a block; a document without tokens has one of length 0.
     *
     * @param start where in the block it begins; unit: tokens
     * @param offset where in the document's tokens it begins; unit: tokens
     */
    public record Piece(String document, int start, int length, int offset) {}

    /** A block; owns its ids, which are more than its tokens where it is padded. */
    public static final class Block {
        private final int[] ids;
        private final int tokens;
        private final List<Piece> pieces;

        private Block(int[] ids, int tokens, List<Piece> pieces) {
            this.ids = ids;
            this.tokens = tokens;
            this.pieces = pieces;
        }

        public int[] ids() {
            return ids;
        }

        /** Padding not counted; unit: tokens */
        public int tokens() {
            return tokens;
        }

        public List<Piece> pieces() {
            return pieces;
        }
    }

    private final int[] ids;
    private final Consumer<Block> blocks;
    private List<Piece> pieces = new ArrayList<>();
    private int filled;

    /**
     * @param blockTokens length of every block but the last; unit: tokens
     * @param blocks given each block as it is full
     */
    public BlockPacker(int blockTokens, Consumer<Block> blocks) {
        this.ids = new int[blockTokens];
        this.blocks = blocks;
    }

    /** Appends the first {@code size} ids of a document. */
    public void add(String document, int[] documentIds, int size) {
        int offset = 0;
        do {
            if (filled == ids.length && offset < size) {
                flush();
            }
            int length = Math.min(size - offset, ids.length - filled);
            System.arraycopy(documentIds, offset, ids, filled, length);
            pieces.add(new Piece(document, filled, length, offset));
            filled += length;
            offset += length;
        } while (offset < size);
    }

    /**
     * Ends the last block.
     *
     * @param padding the id that fills it up, for {@link Remainder#PAD}
     * @return the pieces that were dropped
     */
    public List<Piece> finish(Remainder remainder, int padding) {
        if (pieces.isEmpty()) {
            return List.of();
        }
        if (remainder == Remainder.DROP && filled < ids.length) {
            return pieces;
        }
        if (remainder == Remainder.PAD) {
            Arrays.fill(ids, filled, ids.length, padding);
            blocks.accept(new Block(ids.clone(), filled, pieces));
        } else {
            flush();
        }
        return List.of();
    }

    private void flush() {
        blocks.accept(new Block(Arrays.copyOf(ids, filled), filled, pieces));
        pieces = new ArrayList<>();
        filled = 0;
    }
}
