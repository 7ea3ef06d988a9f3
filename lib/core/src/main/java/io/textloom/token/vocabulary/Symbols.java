package io.textloom.token.vocabulary;

/** The symbols that byte-pair merging begins with. Immutable and safe for concurrent use. */
public interface Symbols {
    /**
     * @param ids one symbol after the other, from 0 on; has room for one a byte
     * @param lengths beside each; unit: bytes
     * @return how many there are
     */
    int of(byte[] text, int from, int to, int[] ids, int[] lengths);

    /** Whether the symbols of two texts are, one after the other, those of the texts put together, with a symbol for every byte of them. */
    boolean complete();
}
