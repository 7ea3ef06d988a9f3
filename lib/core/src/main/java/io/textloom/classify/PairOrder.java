package io.textloom.classify;

/** Where a text stands in the model's input. */
enum PairOrder {
    /** Alone. */
    SINGLE,
    /** Behind another, such as a question. */
    SECOND,
    /** Before another. */
    FIRST;

    /** Which of the input's sequences the text is. */
    int sequence() {
        return this == SECOND ? 1 : 0;
    }
}
