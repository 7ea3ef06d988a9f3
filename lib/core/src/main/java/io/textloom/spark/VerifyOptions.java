package io.textloom.spark;

/**
 * What verify does besides looking at the output's files.
 *
 * @param readInput whether the input the manifest names is read again and every row of it looked for
 * @param recompute documents of the input that are computed again and compared; 0 for none
 * @param seed which documents these are
 */
public record VerifyOptions(boolean readInput, int recompute, long seed) {
    /** The files alone. */
    public static final VerifyOptions FILES = new VerifyOptions(false, 0, 0);

    public VerifyOptions {
        if (recompute < 0) {
            throw new IllegalArgumentException(
                    "verify.recompute is " + recompute + "; expected 0 (none) or a number of documents");
        }
    }
}
