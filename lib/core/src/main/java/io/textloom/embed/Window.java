package io.textloom.embed;

/** One window of a text on its way to the model. Owns its arrays; a reader must not change them. */
public final class Window {
    private final int[] ids;
    private final int textTokens;
    private final int[] starts;
    private final int[] ends;

    /**
     * @param ids what the model sees, special tokens and prompt included
     * @param textTokens how many of them are the text's; unit: tokens
     * @param starts of each id the first character it covers, or empty where nobody asked; 0 for what is not the text's; unit: code points
     * @param ends of each id one past the last character it covers
     */
    Window(int[] ids, int textTokens, int[] starts, int[] ends) {
        this.ids = ids;
        this.textTokens = textTokens;
        this.starts = starts;
        this.ends = ends;
    }

    /** What the model sees, special tokens and prompt included. */
    public int[] ids() {
        return ids;
    }

    int textTokens() {
        return textTokens;
    }

    int[] starts() {
        return starts;
    }

    int[] ends() {
        return ends;
    }
}
