package io.textloom.token.pattern;

/** What is looked for in a text. Immutable and safe for concurrent use; the work is done by a {@link Matcher}. */
public interface Pattern {
    /** One thread's scratch space over this pattern. */
    Matcher matcher();
}
