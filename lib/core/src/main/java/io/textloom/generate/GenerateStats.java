package io.textloom.generate;

/** What was done for the rows of a task; counts add up over its life. Safe for concurrent use. */
public final class GenerateStats {
    private long promptTokens;
    private long restoredTokens;
    private long completionTokens;
    private long busySlots;
    private double slotSteps;
    private long prefillNanos;
    private double decodeNanos;
    private long samplingNanos;

    synchronized void prefilled(int tokens, int restored, long nanos) {
        promptTokens += tokens;
        restoredTokens += restored;
        prefillNanos += nanos;
    }

    synchronized void sampled(long nanos) {
        samplingNanos += nanos;
    }

    /**
     * One decode call for all slots of a lane; what it costs is shared out among those that were busy.
     *
     * @param own slots of this task's row
     */
    synchronized void stepped(int own, int busy, int slots, long callNanos) {
        double share = (double) own / busy;
        completionTokens += own;
        busySlots += own;
        slotSteps += slots * share;
        decodeNanos += callNanos * share;
    }

    /** Tokens of prompts, once for each sample. */
    public synchronized long promptTokens() {
        return promptTokens;
    }

    /** Those of them that the prefix cache held. */
    public synchronized long restoredTokens() {
        return restoredTokens;
    }

    /** Tokens chosen; those of all beams. */
    public synchronized long completionTokens() {
        return completionTokens;
    }

    /** Mean share of the slots that were busy in a decode call, 0 to 1. */
    public synchronized double occupancy() {
        return slotSteps == 0 ? 0 : busySlots / slotSteps;
    }

    /** Slots that were busy with this task's rows, summed over decode calls. */
    public synchronized long busySlots() {
        return busySlots;
    }

    /** Slots that decode calls computed, busy or not, summed over calls; of a call for several tasks, a share. */
    public synchronized long slotSteps() {
        return Math.round(slotSteps);
    }

    public synchronized long prefillNanos() {
        return prefillNanos;
    }

    public synchronized long decodeNanos() {
        return Math.round(decodeNanos);
    }

    /** Choosing tokens, stop rules and decoding texts. */
    public synchronized long samplingNanos() {
        return samplingNanos;
    }
}
