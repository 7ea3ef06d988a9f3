package io.textloom.token.file;

import java.util.List;

/**
 * What the post-processor puts around one sequence, and around two. Source: {@code TemplateProcessing}.
 *
 * @param single around one sequence
 * @param pair around two
 */
public record Template(List<Slot> single, List<Slot> pair) {
    /** No special tokens; the second sequence has type 1. */
    public static final Template PLAIN =
            new Template(List.of(new Sequence(0, 0)), List.of(new Sequence(0, 0), new Sequence(1, 1)));

    public Template {
        single = List.copyOf(single);
        pair = List.copyOf(pair);
    }

    /** A sequence, or special tokens. */
    public sealed interface Slot {
        /** Token type id of what stands here. */
        int type();
    }

    /** @param index 0 for the first sequence, 1 for the second */
    public record Sequence(int index, int type) implements Slot {}

    public record Special(List<Integer> ids, int type) implements Slot {
        public Special {
            ids = List.copyOf(ids);
        }
    }

    /** How many special tokens stand around one sequence; unit: tokens. */
    public int specialsOfSingle() {
        return specials(single);
    }

    /** How many special tokens stand around and between two; unit: tokens. */
    public int specialsOfPair() {
        return specials(pair);
    }

    private static int specials(List<Slot> slots) {
        int count = 0;
        for (Slot slot : slots) {
            count += slot instanceof Special special ? special.ids().size() : 0;
        }
        return count;
    }
}
