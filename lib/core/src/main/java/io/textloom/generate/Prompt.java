package io.textloom.generate;

import java.util.Optional;

/** What is completed: a text, which the generator's tokenizer encodes and cuts, or tokens that are given as they are. */
public final class Prompt {
    private final String text;
    private final Optional<int[]> ids;
    private final int dropped;

    private Prompt(String text, Optional<int[]> ids, int dropped) {
        this.text = text;
        this.ids = ids;
        this.dropped = dropped;
    }

    /** To be encoded. */
    public static Prompt of(String text) {
        return new Prompt(text, Optional.empty(), 0);
    }

    /**
     * Encoded already.
     *
     * @param text what the ids spell, for the output
     * @param ids taken over
     * @param dropped tokens that were left out of it
     */
    public static Prompt of(String text, int[] ids, int dropped) {
        return new Prompt(text, Optional.of(ids), dropped);
    }

    public String text() {
        return text;
    }

    /** Not to be changed; empty for a text that is to be encoded. */
    Optional<int[]> ids() {
        return ids;
    }

    int dropped() {
        return dropped;
    }
}
