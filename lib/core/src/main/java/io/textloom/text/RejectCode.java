package io.textloom.text;

/** Why a row ends in the error table instead of the output. */
public enum RejectCode {
    /** A line that is not one JSON object. */
    MALFORMED_JSON,
    /** A record the reader of its format could not parse. */
    MALFORMED_RECORD,
    /** A whole file that is damaged. */
    UNREADABLE_FILE,
    /** A line or file that is longer than what is read as one row. */
    TOO_LARGE,
    /** Bytes that are not UTF-8. */
    INVALID_UTF8,
    /** The text column is null or absent in this row. */
    MISSING_TEXT,
    /** Nothing but white space. */
    EMPTY_TEXT,
    /** The id column is null or absent in this row. */
    MISSING_ID,
    /** Another row before this one has the same id. */
    DUPLICATE_ID,
    /** Longer than the model takes, and the policy says not to cut. */
    TOO_LONG,
    /** The row's own parameters cannot be followed. */
    INVALID_REQUEST,
    /** The prompt's template failed on this row. */
    TEMPLATE_FAILED,
    /** A value spells one of the tokenizer's special tokens, which the options forbid. */
    SPECIAL_TOKEN,
    /** No token of the text has a token before it that could say how likely it is. */
    NOTHING_TO_SCORE,
    /** The row's list of choices is empty, or holds an empty text or none. */
    INVALID_CHOICES,
    /** The tokenizer failed on this text. */
    TOKENIZER_FAILED,
    /** The model failed on this row alone. */
    MODEL_FAILED,
    /** The device has too little memory for this row, even alone. */
    OUT_OF_MEMORY
}
