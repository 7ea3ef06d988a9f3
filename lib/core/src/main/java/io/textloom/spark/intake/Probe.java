package io.textloom.spark.intake;

/**
 * One place of an input that was looked at.
 *
 * @param size of what was read there, in the unit of the sample: stored bytes, rows or files
 * @param rows found there
 * @param kept of those rows, how many are in the sample
 */
public record Probe(double size, long rows, long kept) {
    /** The rows that each row of the sample stands for. */
    public double weight() {
        return kept == 0 ? 0 : (double) rows / kept;
    }
}
