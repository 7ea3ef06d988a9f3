package io.textloom.embed;

/** The vectors of a window's tokens. Owns its array; a reader must not change it. */
public final class TokenVectors {
    private final Window window;
    private final float[] vectors;
    private final int dimensions;

    TokenVectors(Window window, float[] vectors, int dimensions) {
        this.window = window;
        this.vectors = vectors;
        this.dimensions = dimensions;
    }

    /** unit: tokens */
    public int size() {
        return window.ids().length;
    }

    /** How many of them are the text's, not special ones or the prompt's; unit: tokens */
    public int textTokens() {
        return window.textTokens();
    }

    public int id(int token) {
        return window.ids()[token];
    }

    /** First character the token covers, 0 for special tokens and the prompt; unit: code points */
    public int start(int token) {
        return window.starts()[token];
    }

    /** One past the last character the token covers; unit: code points */
    public int end(int token) {
        return window.ends()[token];
    }

    public int dimensions() {
        return dimensions;
    }

    /** float[tokens * dimensions], row-major */
    public float[] vectors() {
        return vectors;
    }
}
