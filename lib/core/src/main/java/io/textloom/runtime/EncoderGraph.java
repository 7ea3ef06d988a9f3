package io.textloom.runtime;

import io.textloom.tensor.Pooling;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A graph that turns padded token ids into one vector per row, and what has to be fed to it.
 *
 * <p>Inputs by convention: the fused form takes {@code input_ids} int32 [rows, longest] and {@code lengths} int32 [rows]; the plain form takes
 * {@code input_ids}, {@code attention_mask} and maybe {@code token_type_ids}, int64 [rows, longest]. Both take {@link #POOLING} float [rows, longest]
 * unless the pooling is CLS. Output: {@link #EMBEDDING} float [rows, hidden].
 */
final class EncoderGraph {
    static final String IDS = "input_ids";
    static final String LENGTHS = "lengths";
    static final String MASK = "attention_mask";
    static final String TYPES = "token_type_ids";
    static final String POOLING = "textloom_pooling";
    static final String EMBEDDING = "textloom_embedding";

    /** What a graph takes as its inputs. */
    enum Form {
        FUSED,
        PLAIN,
        PLAIN_WITH_TYPES
    }

    private final byte[] model;
    private final Form form;
    private final Pooling pooling;
    private final Optional<Path> weightsFolder;

    /** Takes ownership of {@code model}. */
    EncoderGraph(byte[] model, Form form, Pooling pooling, Optional<Path> weightsFolder) {
        this.model = model;
        this.form = form;
        this.pooling = pooling;
        this.weightsFolder = weightsFolder;
    }

    byte[] model() {
        return model;
    }

    Form form() {
        return form;
    }

    Pooling pooling() {
        return pooling;
    }

    Optional<Path> weightsFolder() {
        return weightsFolder;
    }

    /**
     * What {@code pooling} holds for a token that counts: a weight that makes the sum a mean, or a summand that leaves a maximum alone.
     *
     * @param length of the row; unit: tokens
     */
    static float poolingOfToken(Pooling pooling, int length) {
        return pooling == Pooling.MEAN ? 1f / length : 0f;
    }

    static float poolingOfPadding(Pooling pooling) {
        return pooling == Pooling.MEAN ? 0f : -1e30f;
    }
}
