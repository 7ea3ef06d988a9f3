package io.textloom.token.unicode;

import static io.textloom.token.unicode.CharClasses.CHINESE;
import static io.textloom.token.unicode.CharClasses.CLEAN_REMOVED;
import static io.textloom.token.unicode.CharClasses.CLEAN_SPACE;
import static io.textloom.token.unicode.CharClasses.COMBINING_MARK;
import static io.textloom.token.unicode.CharClasses.LETTER;
import static io.textloom.token.unicode.CharClasses.MARK;
import static io.textloom.token.unicode.CharClasses.NONSPACING_MARK;
import static io.textloom.token.unicode.CharClasses.NUMBER;
import static io.textloom.token.unicode.CharClasses.NUMERIC;
import static io.textloom.token.unicode.CharClasses.PUNCTUATION;
import static io.textloom.token.unicode.CharClasses.REGEX_PUNCTUATION;
import static io.textloom.token.unicode.CharClasses.SPACE;
import static io.textloom.token.unicode.CharClasses.SYMBOL;
import static io.textloom.token.unicode.CharClasses.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CharClassesTest {
    @Test
    void bitsAreTheReferencesAndNotJavas() {
        assertThat(is(0x105c0, LETTER)).as("a letter since Unicode 16").isTrue();
        assertThat(Character.isLetter(0x105c0)).isFalse();
        assertThat(is(0x11de0, NUMERIC)).as("a digit since Unicode 17").isTrue();
        assertThat(is(0x11de0, NUMBER)).isFalse();
        assertThat(is(0xa0, SPACE)).isTrue();
        assertThat(Character.isWhitespace(0xa0)).isFalse();
        assertThat(is(0x1c, SPACE)).isFalse();
        assertThat(Character.isWhitespace(0x1c)).isTrue();
    }

    @Test
    void likeNamesAreDifferentBits() {
        assertThat(is('$', PUNCTUATION)).isTrue();
        assertThat(is('$', REGEX_PUNCTUATION)).isFalse();
        assertThat(is('$', SYMBOL)).isTrue();
        assertThat(is(0x0903, COMBINING_MARK)).isTrue();
        assertThat(is(0x0903, NONSPACING_MARK)).isFalse();
        assertThat(is(0x85, SPACE)).isTrue();
        assertThat(is(0x85, CLEAN_SPACE)).isFalse();
        assertThat(is(0x85, CLEAN_REMOVED)).isTrue();
        assertThat(is(0x0301, MARK)).isTrue();
        assertThat(is(0x200d, WORD)).isTrue();
        assertThat(is(0x3042, CHINESE)).as("hiragana").isFalse();
        assertThat(is(0x4e2d, CHINESE)).isTrue();
    }

    @Test
    void lettersAreFiveKinds() {
        int kinds = CharClasses.UPPER
                | CharClasses.LOWER
                | CharClasses.TITLE
                | CharClasses.MODIFIER
                | CharClasses.OTHER_LETTER;
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (is(c, kinds) != is(c, LETTER)) {
                throw new AssertionError(Integer.toHexString(c));
            }
        }
    }

    private static boolean is(int codePoint, int bits) {
        return CharClasses.is(codePoint, bits);
    }
}
