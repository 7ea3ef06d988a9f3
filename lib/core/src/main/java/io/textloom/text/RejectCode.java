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
    /** No word of the text has a vector. */
    UNKNOWN_WORDS,
    /** The row's list of choices is empty, or holds an empty text or none. */
    INVALID_CHOICES,
    /** What the row is to teach is missing, or does not fit its text or the other rows. */
    INVALID_LABEL,
    /** The tokenizer failed on this text. */
    TOKENIZER_FAILED,
    /** The model failed on this row alone. */
    MODEL_FAILED,
    /** The device has too little memory for this row, even alone. */
    OUT_OF_MEMORY,
    /** The process died, again and again, with this row alone in it. */
    CRASHED;

    /** Whether the same row may pass when it is tried again, on a machine in better health. The others are the row's own fault, or cost a process each. */
    public boolean mayGoAway() {
        return switch (this) {
            case TOKENIZER_FAILED, MODEL_FAILED, OUT_OF_MEMORY -> true;
            default -> false;
        };
    }

    /** Whether the row could not be read as a document at all: where it can be now, nothing is known about it yet. */
    public boolean foundByReading() {
        return switch (this) {
            case MALFORMED_JSON, MALFORMED_RECORD, INVALID_UTF8, TOO_LARGE, UNREADABLE_FILE, MISSING_ID, DUPLICATE_ID ->
                true;
            default -> false;
        };
    }
}
