package io.textloom.constrain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A growing set of places in a network: a node and the frames around it. Not safe for concurrent use. */
final class Places {
    /** With it time and memory of a step have a bound. */
    static final int MAX_SIZE = 20_000;

    private int[] nodes = new int[16];
    private @Nullable Frame[] frames = new Frame[16];
    private int[] table = new int[64];
    private int size;

    int size() {
        return size;
    }

    int node(int place) {
        return nodes[place];
    }

    @Nullable
    Frame frame(int place) {
        return frames[place];
    }

    void add(int node, @Nullable Frame frame) {
        int mask = table.length - 1;
        int slot = hash(node, frame) & mask;
        while (table[slot] != 0) {
            int place = table[slot] - 1;
            if (nodes[place] == node && Frame.equal(frames[place], frame)) {
                return;
            }
            slot = slot + 1 & mask;
        }
        if (size == MAX_SIZE) {
            throw new ConstraintException(
                    "the constraint can be followed in more than " + MAX_SIZE
                            + " ways at one place; make it less ambiguous: no repetitions of parts that may be empty or begin alike");
        }
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * size);
            frames = Arrays.copyOf(frames, 2 * size);
        }
        nodes[size] = node;
        frames[size] = frame;
        table[slot] = ++size;
        if (4 * size > table.length) {
            grow();
        }
    }

    private void grow() {
        table = new int[4 * table.length];
        int mask = table.length - 1;
        for (int place = 0; place < size; place++) {
            int slot = hash(nodes[place], frames[place]) & mask;
            while (table[slot] != 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = place + 1;
        }
    }

    private static int hash(int node, @Nullable Frame frame) {
        int hash = (node * 0x9e3779b9 ^ Frame.hash(frame)) * 0x85ebca6b;
        return hash ^ hash >>> 16;
    }
}
