package io.textloom.token.train;

/** A tokenizer's way from text to words: what it normalises and where it splits before its model sees anything. Used by one thread at a time. */
public interface WordSplitter {
    /**
     * Hands every word of a text to the sink, in order.
     *
     * @param utf8 well-formed UTF-8 in {@code [from, to)}
     */
    void split(byte[] utf8, int from, int to, Sink sink);

    /** Takes words. */
    interface Sink {
        /** @param utf8 the word in {@code [from, to)}, never empty; valid during the call alone */
        void word(byte[] utf8, int from, int to);
    }
}
