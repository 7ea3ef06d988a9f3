package io.textloom.token;

/**
 * How windows lie over the tokens of a document: each but the last is full, neighbours share {@code stride} tokens, and every token is in one.
 *
 * @param capacity tokens of the document that one window holds; unit: tokens
 * @param stride tokens that a window shares with the one before it; unit: tokens
 */
public record TokenWindows(int capacity, int stride) {
    public TokenWindows {
        if (stride < 0 || capacity <= stride) {
            throw new IllegalArgumentException("A window of " + capacity + " tokens cannot share " + stride
                    + " with its neighbour; expected 0 or more, and fewer than it holds");
        }
    }

    /** Windows of a document; one even if it has no token. */
    public int count(int tokens) {
        int step = capacity - stride;
        return tokens <= capacity ? 1 : 1 + (tokens - capacity - 1) / step + 1;
    }

    /** First token of a window. */
    public int from(int window) {
        return window * (capacity - stride);
    }

    /** One past the last token of a window, in a document of {@code tokens}. */
    public int to(int window, int tokens) {
        int from = from(window);
        return from + Math.min(capacity, tokens - from);
    }
}
