package io.textloom.train.heads;

/** The words of a text, as white space cuts them; places in code points. */
final class Words {
    private Words() {}

    /** Of each code point the number of its word; -1 for white space. */
    static int[] of(String text) {
        int[] words = new int[text.codePointCount(0, text.length())];
        int word = -1;
        boolean inside = false;
        for (int at = 0, i = 0; i < text.length(); at++) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            boolean space = Character.isWhitespace(character) || Character.isSpaceChar(character);
            word += !space && !inside ? 1 : 0;
            inside = !space;
            words[at] = space ? -1 : word;
        }
        return words;
    }

    static int count(int[] words) {
        int count = 0;
        for (int word : words) {
            count = Math.max(count, word + 1);
        }
        return count;
    }
}
