package io.textloom.runtime;

import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import java.util.List;
import java.util.Optional;

/**
 * What an encoder is to give.
 *
 * @param pooling of one vector per row; empty for none
 * @param tokenVectors whether every token's vector is given, too
 * @param normalize whether vectors are scaled to length 1
 * @param layers hidden states that are averaged: 0 is the embeddings, 1 the first layer, -1 the last; as in Hugging Face's {@code hidden_states}
 * @param tokenTypes whether batches bring token type ids; else all are 0
 */
public record EncoderRequest(
        Optional<Pooling> pooling,
        boolean tokenVectors,
        boolean normalize,
        List<Integer> layers,
        boolean tokenTypes,
        Precision precision) {
    private static final List<Integer> LAST_LAYER = List.of(-1);

    public EncoderRequest {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("No layer is asked for; expected at least one, such as -1 for the last");
        }
        if (pooling.isEmpty() && !tokenVectors) {
            throw new IllegalArgumentException("Neither a pooling nor token vectors are asked for; expected one");
        }
    }

    /** One vector per row, from the last layer. */
    public static EncoderRequest pooled(Pooling pooling, boolean normalize) {
        return new EncoderRequest(Optional.of(pooling), false, normalize, LAST_LAYER, false, Precision.FLOAT32);
    }

    /** The layers counted from the embeddings, of a model of {@code count} layers. */
    List<Integer> layersOf(int count) {
        return layers.stream().map(layer -> absolute(layer, count)).toList();
    }

    private static int absolute(int layer, int count) {
        int absolute = layer < 0 ? count + 1 + layer : layer;
        if (absolute < 0 || absolute > count) {
            throw new IllegalArgumentException("layers has " + layer + " but the model has " + count
                    + " layers; expected 0 (the embeddings) to " + count + ", or -1 (the last) to -" + (count + 1));
        }
        return absolute;
    }
}
