package io.textloom.token.file;

/** What the post-processor does to the offsets of byte-level tokens. */
public enum OffsetTrim {
    /** Offsets take in the white space of their tokens. */
    NONE,
    /** White space is left out. */
    TRIM,
    /** White space is left out, but for the single space that the tokenizer itself put in front of a text. */
    TRIM_KEEPING_PREFIX
}
