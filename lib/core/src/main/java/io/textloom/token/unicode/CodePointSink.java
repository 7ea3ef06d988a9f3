package io.textloom.token.unicode;

/** Takes the characters of a normalized text, in order. */
public interface CodePointSink {
    /**
     * @param change how the text before became this one, from which the reference derives offsets: 0, the character stands for the next one of the input; +1, it is
     *     inserted; -n, it stands for the next one and the n after that are gone
     */
    void accept(int codePoint, int change);
}
