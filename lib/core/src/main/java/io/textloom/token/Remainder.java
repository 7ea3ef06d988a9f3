package io.textloom.token;

/** What becomes of a partition's last block when it is not full. */
public enum Remainder {
    /** A row shorter than the others. */
    KEEP,
    /** Filled up with the tokenizer's padding token. */
    PAD,
    /** No row; its tokens are counted as dropped. */
    DROP
}
