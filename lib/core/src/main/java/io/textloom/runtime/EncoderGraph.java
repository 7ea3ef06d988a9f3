package io.textloom.runtime;

import io.textloom.tensor.Pooling;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A graph that turns padded token ids into one vector per row, one per token, or both, and what has to be fed to it.
 *
 * <p>Inputs by convention: the fused form takes {@link #IDS} int32 [rows, longest] and {@link #LENGTHS} int32 [rows]; the plain form takes {@link #IDS},
 * {@link #MASK} and maybe {@link #POSITIONS}, int64 [rows, longest]. Either may take {@link #TYPES}, and float {@link #POOLING} [rows, longest]. Outputs:
 * {@link #ROWS} float [rows, rowWidth] and {@link #TOKENS} float [rows, longest, tokenWidth]; of a graph that {@link #gathers} tokens, which takes
 * {@link #WANTED} int32 [wanted], places in the rows laid end to end, float [wanted, tokenWidth].
 */
final class EncoderGraph {
    static final String IDS = "input_ids";
    static final String LENGTHS = "lengths";
    static final String MASK = "attention_mask";
    static final String TYPES = "token_type_ids";
    static final String POSITIONS = "position_ids";
    static final String POOLING = "textloom_pooling";
    static final String WANTED = "textloom_wanted";
    static final String ROWS = "textloom_rows";
    static final String TOKENS = "textloom_tokens";

    /** Of padding, under a maximum. */
    private static final float NEVER = -1e30f;

    /** What a graph takes as its inputs. */
    enum Form {
        FUSED,
        PLAIN,
        PLAIN_WITH_POSITIONS
    }

    private final byte[] model;
    private final Form form;
    private final Optional<Pooling> pooling;
    private final boolean types;
    private final boolean gathers;
    private final int rowWidth;
    private final int tokenWidth;
    private final Optional<Path> weightsFolder;

    /** A graph that gives every token's vector, if any. */
    EncoderGraph(
            byte[] model,
            Form form,
            Optional<Pooling> pooling,
            boolean types,
            int rowWidth,
            int tokenWidth,
            Optional<Path> weightsFolder) {
        this(model, form, pooling, types, false, rowWidth, tokenWidth, weightsFolder);
    }

    /**
     * Takes ownership of {@code model}.
     *
     * @param model an ONNX model
     * @param pooling what {@link #POOLING} is to hold; empty if the graph does not take it
     * @param types whether the graph takes {@link #TYPES}
     * @param gathers whether the graph takes {@link #WANTED}
     * @param rowWidth 0 if there is no such output
     * @param tokenWidth 0 if there is no such output
     * @param weightsFolder where the graph's external initializers lie; empty if it has none
     */
    EncoderGraph(
            byte[] model,
            Form form,
            Optional<Pooling> pooling,
            boolean types,
            boolean gathers,
            int rowWidth,
            int tokenWidth,
            Optional<Path> weightsFolder) {
        this.model = model;
        this.form = form;
        this.pooling = pooling;
        this.types = types;
        this.gathers = gathers;
        this.rowWidth = rowWidth;
        this.tokenWidth = tokenWidth;
        this.weightsFolder = weightsFolder;
    }

    byte[] model() {
        return model;
    }

    Form form() {
        return form;
    }

    Optional<Pooling> pooling() {
        return pooling;
    }

    boolean types() {
        return types;
    }

    /** Whether the graph gives the vectors of wanted tokens alone. */
    boolean gathers() {
        return gathers;
    }

    int rowWidth() {
        return rowWidth;
    }

    int tokenWidth() {
        return tokenWidth;
    }

    Optional<Path> weightsFolder() {
        return weightsFolder;
    }

    /** Whether a graph of that pooling is told about each token's share. */
    static boolean takesPooling(Pooling pooling) {
        return pooling == Pooling.MAX || pooling.isWeightedSum();
    }

    /**
     * What {@link #POOLING} holds for a token that counts: its weight in the sum, or a summand that leaves a maximum alone.
     *
     * @param length of the row; unit: tokens
     */
    static float poolingOfToken(Pooling pooling, int token, int length) {
        return pooling == Pooling.MAX ? 0 : pooling.weight(token, length);
    }

    static float poolingOfPadding(Pooling pooling) {
        return pooling == Pooling.MAX ? NEVER : 0;
    }
}
