package io.textloom.spark.stage;

/** A piece of a document that a stage can compute without the others. Owns its bytes. */
public final class Part {
    private final byte[] bytes;
    private final int tokens;

    /**
     * @param bytes all that is needed to compute the part, in a form of the stage's own; owned by this object
     * @param tokens what the part costs, by which parts are spread over tasks; at most {@link Splitting#PART_TOKENS} or one window of the model, whichever is more
     */
    public Part(byte[] bytes, int tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("A part of " + tokens + " tokens; expected at least 0");
        }
        this.bytes = bytes;
        this.tokens = tokens;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int tokens() {
        return tokens;
    }
}
