package io.textloom.train.elmo;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of the net, and where each of its parameters lies in the flat array of all.
 *
 * @param vocabulary number of token ids
 * @param dimensions width of the embeddings and of each layer in each direction
 */
record Shape(int vocabulary, int dimensions) {
    /** Their moments are written at once, as 8 bytes for each. */
    private static final long MOST_PARAMETERS = 200_000_000;

    Shape {
        // embeddings and softmax, and of each direction and layer two square matrices for each gate
        long about = 2L * vocabulary * dimensions + 2L * LAYERS * GATES * 2 * dimensions * dimensions;
        if (about > MOST_PARAMETERS) {
            throw new IllegalArgumentException("The language models would have about " + about + " parameters ("
                    + vocabulary + " sub-words, train.hidden " + dimensions + "); expected at most " + MOST_PARAMETERS
                    + ", lower train.hidden or take a smaller vocabulary");
        }
    }

    /** Of each direction. */
    static final int LAYERS = 2;

    static final int GATES = 4;

    /** By what a layer's part of a direction is called in files. */
    enum Direction {
        FORWARD("forward"),
        BACKWARD("backward");

        final String prefix;

        Direction(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * A parameter.
     *
     * @param offset of its first number among all
     * @param rank 1 for a vector of {@code columns} numbers
     */
    record Part(String name, long offset, int rows, int columns, int rank) {
        long size() {
            return (long) rows * columns;
        }
    }

    static final String EMBEDDING = "embedding.weight";
    static final String SOFTMAX_WEIGHT = "softmax.weight";
    static final String SOFTMAX_BIAS = "softmax.bias";

    static String inputWeight(Direction direction, int layer) {
        return direction.prefix + "." + layer + ".weight_ih";
    }

    static String stateWeight(Direction direction, int layer) {
        return direction.prefix + "." + layer + ".weight_hh";
    }

    static String bias(Direction direction, int layer) {
        return direction.prefix + "." + layer + ".bias";
    }

    /** In the order of the flat array. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        int d = dimensions;
        add(parts, EMBEDDING, vocabulary, d, 2);
        for (Direction direction : Direction.values()) {
            for (int layer = 0; layer < LAYERS; layer++) {
                add(parts, inputWeight(direction, layer), GATES * d, d, 2);
                add(parts, stateWeight(direction, layer), GATES * d, d, 2);
                add(parts, bias(direction, layer), 1, GATES * d, 1);
            }
        }
        add(parts, SOFTMAX_WEIGHT, vocabulary, d, 2);
        add(parts, SOFTMAX_BIAS, 1, vocabulary, 1);
        return parts;
    }

    Part part(String name) {
        return parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The net has no parameter " + name));
    }

    /** Number of all parameters. */
    long size() {
        List<Part> parts = parts();
        Part last = parts.get(parts.size() - 1);
        return last.offset() + last.size();
    }

    private static void add(List<Part> parts, String name, int rows, int columns, int rank) {
        long offset = parts.isEmpty()
                ? 0
                : parts.get(parts.size() - 1).offset()
                        + parts.get(parts.size() - 1).size();
        parts.add(new Part(name, offset, rows, columns, rank));
    }
}
