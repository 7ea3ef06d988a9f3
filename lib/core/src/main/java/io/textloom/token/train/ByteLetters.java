package io.textloom.token.train;

/**
 * The letter that stands for each byte in a byte-level vocabulary: printable Latin-1 for itself, the others from U+0100 on. Source: Radford et al. 2019,
 * {@code bytes_to_unicode} of GPT-2's encoder.py.
 */
final class ByteLetters {
    private static final char[] LETTERS = letters();

    private ByteLetters() {}

    /** @param value 0 to 255 */
    static char of(int value) {
        return LETTERS[value];
    }

    private static char[] letters() {
        char[] letters = new char[256];
        char next = 256;
        for (int value = 0; value < letters.length; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xa1 && value <= 0xff && value != 0xad;
            letters[value] = printable ? (char) value : next++;
        }
        return letters;
    }
}
