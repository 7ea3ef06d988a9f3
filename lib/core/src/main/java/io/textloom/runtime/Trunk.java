package io.textloom.runtime;

import io.textloom.model.ModelException;
import java.nio.file.Path;
import java.util.List;

/**
 * The part of an encoder that all its uses share: token ids to hidden states.
 *
 * <p>Its inputs are those of {@link EncoderGraph}'s fused form: {@link EncoderGraph#IDS}, {@link EncoderGraph#LENGTHS} and, if asked for, {@link EncoderGraph#TYPES}.
 */
interface Trunk {
    /**
     * Adds the model to its graph, up to a layer.
     *
     * @param layers how many of the model's layers
     * @return values [rows, longest, hidden]: the embeddings, then each layer's; the model's last one comes after its final normalisation, if it has one
     */
    List<String> hiddenStates(int layers);

    /**
     * The first token's vector through the model's dense layer and tanh.
     *
     * @param tokens the last hidden state
     * @return value [rows, hidden]
     * @throws ModelException if the model has no such layer
     */
    String pooler(String tokens);

    /** Where the weights' files lie. */
    Path weightsFolder();

    /** What {@link #pooler} throws for families that never have one. */
    static ModelException noPooler(String family) {
        return new ModelException(
                family + " models have no pooler; set embed.pooling to another pooling, such as mean or last");
    }
}
