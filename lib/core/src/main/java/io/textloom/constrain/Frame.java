package io.textloom.constrain;

import org.jspecify.annotations.Nullable;

/** Where a rule goes on when the one it takes has ended, and so on outwards. Immutable. */
final class Frame {
    private final int node;
    private final @Nullable Frame outer;
    private final int hash;
    private final long bytesToEnd;

    /** @param bytesToEnd length of the shortest text from the node to the end of its rule */
    Frame(int node, @Nullable Frame outer, long bytesToEnd) {
        this.node = node;
        this.outer = outer;
        hash = 31 * (outer == null ? 7 : outer.hash) + node * 0x9e3779b9;
        this.bytesToEnd = Math.min(Network.NEVER, bytesToEnd + bytesToEnd(outer));
    }

    int node() {
        return node;
    }

    @Nullable
    Frame outer() {
        return outer;
    }

    /** Length of the shortest text from here to the end of everything. unit: bytes */
    static long bytesToEnd(@Nullable Frame frame) {
        return frame == null ? 0 : frame.bytesToEnd;
    }

    /** Without recursion: frames are as many as the text is nested. */
    static boolean equal(@Nullable Frame a, @Nullable Frame b) {
        Frame left = a;
        Frame right = b;
        while (left != right) {
            if (left == null || right == null || left.hash != right.hash || left.node != right.node) {
                return false;
            }
            left = left.outer;
            right = right.outer;
        }
        return true;
    }

    static int hash(@Nullable Frame frame) {
        return frame == null ? 0 : frame.hash;
    }
}
