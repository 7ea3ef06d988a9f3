package io.textloom.token.vocabulary;

/** Cuts one piece of text into tokens. Immutable and safe for concurrent use; the work is done by a {@link PieceEncoder}. */
public interface SubwordModel {
    Vocabulary vocabulary();

    /** One thread's scratch space over this model. */
    PieceEncoder encoder();

    /** What tokens inside a word begin with, such as {@code ##}; empty where spelling does not tell. */
    default String continuation() {
        return "";
    }
}
