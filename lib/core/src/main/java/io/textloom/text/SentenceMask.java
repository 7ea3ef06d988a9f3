package io.textloom.text;

import java.nio.CharBuffer;

/**
 * A copy of a text, character for character, in which Unicode's sentence rules find what a reader calls sentences.
 *
 * <p>Line breaks become spaces and blank lines paragraph ends; full stops that end no sentence become a character without a meaning; an ellipsis or a Chinese
 * semicolon that ends one becomes 。; opening quotes are hidden, since the rules take all quotes for closing ones.
 */
final class SentenceMask {
    /** Neither a letter nor a stop nor a quote to the rules. */
    private static final char NOTHING = '\u2022';

    private static final char STOP = '.';
    private static final char CHINESE_STOP = '。';

    private char[] mask = new char[1024];
    private String text = "";
    private int length;

    /** The result holds until the next call. */
    CharSequence of(String source) {
        text = source;
        length = source.length();
        if (mask.length < length) {
            mask = new char[Math.max(length, 2 * mask.length)];
        }
        source.getChars(0, length, mask, 0);
        for (int at = 0; at < length; ) {
            char c = text.charAt(at);
            if (c >= 'a' && c <= 'z') {
                at++;
            } else if (isSpace(c)) {
                at = space(at);
            } else if (isStop(c)) {
                at = stop(at);
            } else {
                if (c == '；') {
                    mask[at] = CHINESE_STOP;
                } else if (isOpening(at)) {
                    mask[at] = NOTHING;
                }
                at++;
            }
        }
        return CharBuffer.wrap(mask, 0, length);
    }

    /** A run of white space; a blank line in it ends the paragraph with the run's last character. */
    private int space(int from) {
        int to = from;
        while (to < length && isSpace(text.charAt(to))) {
            mask[to++] = ' ';
        }
        if (from > 0 && to < length && isParagraphEnd(from, to)) {
            mask[to - 1] = '\n';
        }
        return to;
    }

    private boolean isParagraphEnd(int from, int to) {
        int lines = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean first = c != '\n' || i == 0 || text.charAt(i - 1) != '\r';
            lines += (c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028') && first ? 1 : 0;
            lines += c == '\u2029' || c == '\f' ? 2 : 0;
        }
        return lines >= 2;
    }

    /** A run of stops with the quotes, brackets and footnote marks behind it. */
    private int stop(int from) {
        int stops = from;
        boolean ellipsis = false;
        while (stops < length && isStop(text.charAt(stops))) {
            ellipsis |= text.charAt(stops) == '…' || text.charAt(stops) == '⋯';
            stops++;
        }
        int closed = closing(stops);
        int marks = footnotes(closed);
        if (marks == length) {
            return marks;
        }
        char next = text.charAt(marks);
        if (!isSpace(next)) {
            boolean stutter = ellipsis && from > 0 && next == text.charAt(from - 1);
            boolean initials = closed == from + 1 && from > 1 && text.charAt(from - 2) == STOP;
            if (!isUncasedLetter(next) || stutter || initials) {
                hide(from, stops);
            } else if (ellipsis) {
                mask[stops - 1] = CHINESE_STOP;
            }
            return closed;
        }
        int word = marks;
        while (word < length && isSpace(text.charAt(word))) {
            word++;
        }
        if (word == length || isParagraphEnd(marks, word)) {
            return closed;
        }
        while (word < length && (isOpening(word) || isClosing(word))) {
            word++;
        }
        boolean lower = word < length && Character.isLowerCase(text.codePointAt(word));
        boolean abbreviated = stops == from + 1
                && closed == stops
                && text.charAt(from) == STOP
                && Abbreviations.endsNoSentence(text, from, word);
        if (lower || abbreviated) {
            hide(from, stops);
        } else if (marks > closed) {
            hide(from, marks);
            mask[marks - 1] = STOP;
        } else if (ellipsis) {
            mask[stops - 1] = word < length && isUncasedLetter(text.charAt(word)) ? CHINESE_STOP : STOP;
        }
        return marks;
    }

    private int closing(int from) {
        int to = from;
        while (to < length && isClosing(to)) {
            // emphasis in plain text, as in "_Really?_", closes like a quote
            if (text.charAt(to) == '_' || text.charAt(to) == '*') {
                mask[to] = '"';
            }
            to++;
        }
        return to;
    }

    /** Superscript digits, or digits in square brackets: {@code [12]}. */
    private int footnotes(int from) {
        int to = from;
        while (to < length) {
            char c = text.charAt(to);
            if (Character.getType(c) == Character.OTHER_NUMBER) {
                to++;
                continue;
            }
            int end = to + 1;
            while (c == '[' && end < length && Character.isDigit(text.charAt(end))) {
                end++;
            }
            if (c != '[' || end == to + 1 || end >= length || text.charAt(end) != ']') {
                return to;
            }
            to = end + 1;
        }
        return to;
    }

    private void hide(int from, int to) {
        for (int i = from; i < to; i++) {
            mask[i] = NOTHING;
        }
    }

    /** An opening quote or bracket; one with space behind it closes, as in „so“ sagt man. */
    private boolean isOpening(int at) {
        int type = Character.getType(text.charAt(at));
        boolean opening = type == Character.START_PUNCTUATION || type == Character.INITIAL_QUOTE_PUNCTUATION;
        return opening && at + 1 < length && !isSpace(text.charAt(at + 1));
    }

    private boolean isClosing(int at) {
        char c = text.charAt(at);
        if (c == '"' || c == '\'' || c == '_' || c == '*') {
            return true;
        }
        int type = Character.getType(c);
        return type == Character.END_PUNCTUATION
                || type == Character.FINAL_QUOTE_PUNCTUATION
                || (type == Character.INITIAL_QUOTE_PUNCTUATION && !isOpening(at));
    }

    /** Stops that may end no sentence; 。！？ always do. */
    private static boolean isStop(char c) {
        return c == '.' || c == '!' || c == '?' || c == '…' || c == '⋯';
    }

    /** Of a script without upper case, such as Chinese: there a sentence may begin without a space. */
    private static boolean isUncasedLetter(char c) {
        return c > '\u0590' && Character.getType(c) == Character.OTHER_LETTER;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
