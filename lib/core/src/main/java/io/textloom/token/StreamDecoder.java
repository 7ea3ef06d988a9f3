package io.textloom.token;

/**
 * Text of a sequence that is still growing: all that comes out, put together, is what {@link Tokenizer#decode} makes of the whole. Not safe for concurrent use.
 */
public interface StreamDecoder {
    /** The text that this token completes; empty while it ends inside a character. */
    String push(int id);

    /** What was held back, incomplete UTF-8 as U+FFFD. */
    String end();
}
