package io.textloom.constrain;

import org.jspecify.annotations.Nullable;

/** All places in the network that some bytes lead to. What it knows of itself only grows; safe for concurrent use. */
final class ByteState {
    private final int[] nodes;
    private final @Nullable Frame[] frames;
    private final int hash;
    private final int epoch;
    private final boolean mayEnd;
    private final long bytesToEnd;

    /** By class of bytes; null where nobody has asked yet. */
    final @Nullable ByteState[] next;

    /** What follows as tokens; null where nobody has asked yet. */
    volatile @Nullable TokenMask mask;

    /** -1 where nobody has asked yet. */
    volatile int tokensToEnd = -1;

    /**
     * @param nodes those with bytes behind them; sorted, with the frames
     * @param mayEnd whether the text may end here
     */
    ByteState(int[] nodes, @Nullable Frame[] frames, boolean mayEnd, long bytesToEnd, int classes, int epoch) {
        this.nodes = nodes;
        this.frames = frames;
        this.mayEnd = mayEnd;
        this.bytesToEnd = bytesToEnd;
        this.epoch = epoch;
        next = new ByteState[classes];
        int sum = mayEnd ? 1 : 0;
        for (int i = 0; i < nodes.length; i++) {
            sum = 31 * sum + nodes[i] * 0x9e3779b9 + Frame.hash(frames[i]);
        }
        hash = sum;
    }

    int places() {
        return nodes.length;
    }

    int node(int place) {
        return nodes[place];
    }

    @Nullable
    Frame frame(int place) {
        return frames[place];
    }

    boolean mayEnd() {
        return mayEnd;
    }

    /** Length of the shortest text from here to an end. unit: bytes */
    long bytesToEnd() {
        return bytesToEnd;
    }

    /** Which generation of states it belongs to. */
    int epoch() {
        return epoch;
    }

    /** Whether it is dead: no text leads on and none ends here. */
    boolean isDead() {
        return nodes.length == 0 && !mayEnd;
    }

    /** About. unit: bytes */
    long memory() {
        return 96 + 48L * nodes.length + 4L * next.length;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof ByteState state)
                || hash != state.hash
                || mayEnd != state.mayEnd
                || nodes.length != state.nodes.length) {
            return false;
        }
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] != state.nodes[i] || !Frame.equal(frames[i], state.frames[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
