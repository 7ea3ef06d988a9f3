package io.textloom.token.file;

/** A sound tokenizer file asks for something that is left to the reference's own engine. */
public final class NotCovered extends RuntimeException {
    /** @param what the part that is not covered, such as {@code the pre-tokenizer Digits} */
    public NotCovered(String what) {
        super(what);
    }
}
