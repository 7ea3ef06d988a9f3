package io.textloom.token;

import java.io.Serializable;

/**
 * What the tokenize job does with each document.
 *
 * @param rows what one output row holds
 * @param maxTokens longest row, special tokens included; of documents and sentences the rest is cut and counted; 0 for no limit; unit: tokens
 * @param stride tokens that a chunk shares with the one before it; unit: tokens
 * @param specialTokens whether the model's special tokens are put around each row; blocks have none
 * @param sentences whether rows say where their sentences begin
 * @param offsets whether rows say which characters each token covers
 * @param separator the token after each document of a block: {@code auto} for the tokenizer's own, {@code none}, or its spelling
 * @param remainder what becomes of a last block that is not full
 * @param fileTokens tokens of one output file, about; unit: tokens
 */
public record TokenizeOptions(
        RowUnit rows,
        int maxTokens,
        int stride,
        boolean specialTokens,
        boolean sentences,
        boolean offsets,
        String separator,
        Remainder remainder,
        long fileTokens)
        implements Serializable {
    public static final String AUTO_SEPARATOR = "auto";
    public static final String NO_SEPARATOR = "none";
    public static final long FILE_TOKENS = 16L << 20;

    public TokenizeOptions {
        requireAtLeast("tokenize.maxTokens", maxTokens, 0);
        requireAtLeast("tokenize.stride", stride, 0);
        requireAtLeast("tokenize.fileTokens", fileTokens, 1);
        if (maxTokens == 0 && (rows == RowUnit.CHUNK || rows == RowUnit.BLOCK)) {
            throw new IllegalArgumentException("tokenize.maxTokens is 0 (no limit) but the rows are "
                    + (rows == RowUnit.CHUNK ? "chunks" : "blocks") + "; set the length of one");
        }
        if (stride > 0 && rows != RowUnit.CHUNK) {
            throw new IllegalArgumentException("tokenize.stride is " + stride
                    + " but only chunks overlap; leave it out or set tokenize.rows to chunk");
        }
        if (rows == RowUnit.BLOCK && (sentences || offsets)) {
            throw new IllegalArgumentException(
                    (sentences ? "tokenize.sentences" : "tokenize.offsets")
                            + " is true but a block holds pieces of many documents; leave it out or choose other tokenize.rows");
        }
        if (separator.isEmpty()) {
            throw new IllegalArgumentException(
                    "tokenize.separator is empty; expected auto, none or the spelling of a token");
        }
    }

    /** One row per document and nothing on request. */
    public TokenizeOptions(int maxTokens, boolean specialTokens) {
        this(RowUnit.DOCUMENT, maxTokens, 0, specialTokens, false, false, AUTO_SEPARATOR, Remainder.KEEP, FILE_TOKENS);
    }

    private static void requireAtLeast(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + "; expected "
                    + (least == 0 ? "0 or a positive number" : "at least " + least));
        }
    }
}
