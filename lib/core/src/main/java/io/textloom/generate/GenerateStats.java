package io.textloom.generate;

/** What a generator did; counts add up over its life. Not safe for concurrent use. */
public final class GenerateStats {
    long promptTokens;
    long completionTokens;
    long decodeSteps;
    long busySlots;
    long slotSteps;
    long prefillNanos;
    long decodeNanos;
    long samplingNanos;

    /** Tokens prefilled, once for each sample. */
    public long promptTokens() {
        return promptTokens;
    }

    public long completionTokens() {
        return completionTokens;
    }

    /** Decode calls, each for all slots. */
    public long decodeSteps() {
        return decodeSteps;
    }

    /** Mean share of the slots that were busy in a decode call, 0 to 1. */
    public double occupancy() {
        return slotSteps == 0 ? 0 : (double) busySlots / slotSteps;
    }

    /** Slots that were busy, summed over decode calls. */
    public long busySlots() {
        return busySlots;
    }

    /** Slots that a decode call computed, busy or not, summed over calls. */
    public long slotSteps() {
        return slotSteps;
    }

    public long prefillNanos() {
        return prefillNanos;
    }

    public long decodeNanos() {
        return decodeNanos;
    }

    /** Choosing tokens, stop rules and decoding texts. */
    public long samplingNanos() {
        return samplingNanos;
    }
}
