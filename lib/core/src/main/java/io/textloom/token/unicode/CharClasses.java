package io.textloom.token.unicode;

/**
 * What a character is to the reference's normalizers, pre-tokenizers and regular expressions: bits, one look-up for all.
 *
 * <p>Source: tokenizers 0.23.3. "Regex" is the engine behind {@code Split} and {@code ByteLevel} (Oniguruma, Unicode 16); the Rust standard library, the crates
 * and the {@code Whitespace} pre-tokenizer's engine know other versions, so that bits of like names differ. Surrogates have no bits. Equal for all code points
 * and therefore one bit each: regex {@code \s}, Rust's {@code is_whitespace} and the {@code \s} of {@code Whitespace}; the punctuation of
 * {@code BertPreTokenizer} and of {@code Punctuation}; regex {@code \d} and {@code \p{Nd}}.
 */
public final class CharClasses {
    /** Regex {@code \p{L}}: the union of {@link #UPPER}, {@link #LOWER}, {@link #TITLE}, {@link #MODIFIER} and {@link #OTHER_LETTER}. */
    public static final int LETTER = 1;

    /** Regex {@code \p{N}}. */
    public static final int NUMBER = 1 << 1;

    /** Regex {@code \s}; also Rust's {@code char::is_whitespace}, at which {@code BertPreTokenizer} and {@code WhitespaceSplit} cut. */
    public static final int SPACE = 1 << 2;

    /** Isolated by {@code BertPreTokenizer} and {@code Punctuation}: all ASCII symbols, and category P of an old Unicode. */
    public static final int PUNCTUATION = 1 << 3;

    /** Dropped by {@code BertNormalizer} with {@code clean_text}: controls, format characters, private use, U+0000, U+FFFD. */
    public static final int CLEAN_REMOVED = 1 << 4;

    /** Becomes a space under {@code clean_text}. */
    public static final int CLEAN_SPACE = 1 << 5;

    /** Gets a space on either side under {@code handle_chinese_chars}. */
    public static final int CHINESE = 1 << 6;

    /**
     * Dropped by {@code BertNormalizer} with {@code strip_accents}, which asks after NFD; a character that NFD takes apart has the bit when all its parts are
     * dropped.
     */
    public static final int NONSPACING_MARK = 1 << 7;

    /** Dropped by the {@code StripAccents} normalizer, which does not decompose. */
    public static final int COMBINING_MARK = 1 << 8;

    /** Regex {@code \p{Lu}}. */
    public static final int UPPER = 1 << 9;

    /** Regex {@code \p{Ll}}. */
    public static final int LOWER = 1 << 10;

    /** Regex {@code \p{Lt}}. */
    public static final int TITLE = 1 << 11;

    /** Regex {@code \p{Lm}}. */
    public static final int MODIFIER = 1 << 12;

    /** Regex {@code \p{Lo}}. */
    public static final int OTHER_LETTER = 1 << 13;

    /** Regex {@code \p{M}}. */
    public static final int MARK = 1 << 14;

    /** A digit to the {@code Digits} pre-tokenizer, Rust's {@code char::is_numeric}; it knows 13 that {@link #NUMBER} does not. */
    public static final int NUMERIC = 1 << 15;

    /** Regex {@code \p{Nd}} and {@code \d}. */
    public static final int DECIMAL = 1 << 16;

    /** The {@code \w} of the {@code Whitespace} pre-tokenizer, which is another engine's. */
    public static final int WORD = 1 << 17;

    /** Regex {@code \p{P}}. */
    public static final int REGEX_PUNCTUATION = 1 << 18;

    /** Regex {@code \p{S}}. */
    public static final int SYMBOL = 1 << 19;

    private static final char[] BLOCKS;
    private static final int[] ENTRIES;

    static {
        TwoStageTable table = new TwoStageTable(TableReader.open("classes.bin").runs());
        BLOCKS = table.blocks;
        ENTRIES = table.entries;
    }

    private CharClasses() {}

    /** The bits of a code point. */
    public static int of(int codePoint) {
        return ENTRIES[
                BLOCKS[codePoint >> TwoStageTable.SHIFT] << TwoStageTable.SHIFT | codePoint & TwoStageTable.MASK];
    }

    /** Whether the code point has one of these bits. */
    public static boolean is(int codePoint, int bits) {
        return (of(codePoint) & bits) != 0;
    }
}
