package io.textloom.token.pattern;

/** One thread's way into a {@link Pattern}. Not safe for concurrent use. */
public interface Matcher {
    /**
     * Where the match that begins at {@code at} ends.
     *
     * @param text well-formed UTF-8; a character begins at {@code at}
     * @param to nothing from here on is looked at
     * @return more than {@code at}; -1 if no match begins there
     */
    int end(byte[] text, int at, int to);
}
