package io.textloom.generate;

/** What holds slots of a lane until it is complete: a sample, or the beams of a request. */
interface Occupant {
    Pending pending();

    /** Its slots; not to be changed. */
    int[] slots();

    /** Writes the token that each of its slots is to be fed. */
    void feed(int[] nextIds);

    /**
     * Chooses what comes next from the logits of its slots.
     *
     * @return whether it is complete; its request then has the outcome
     */
    boolean advance();
}
