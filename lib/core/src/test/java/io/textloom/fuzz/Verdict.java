package io.textloom.fuzz;

/**
 * What came of one input.
 *
 * @param fault {@code NONE} where the promise was kept
 * @param signature tells kinds of outcomes apart
 */
record Verdict(Fault fault, String detail, long signature) {
    /** How the promise was broken. */
    enum Fault {
        NONE,
        /** Another exception than a typed one. */
        UNTYPED,
        ALLOCATION,
        SLOW
    }

    boolean broken() {
        return fault != Fault.NONE;
    }

    /** Whether another input breaks the promise in the same way. */
    boolean like(Verdict other) {
        return fault == other.fault && signature == other.signature;
    }
}
