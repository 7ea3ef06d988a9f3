package io.textloom.spark.train;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How heads on frozen vectors are trained.
 *
 * @param trunk widths of the layers that all heads share, which every vector passes first; empty for none
 * @param batchRows rows of one step
 * @param epochs most of them
 * @param patience epochs without a better result on the held-out rows after which the training ends; 0 for never
 * @param rate size of a step of Adam
 * @param heldOut share of the rows, by content hash, that is not trained on; where a head has no rows of its own for that
 * @param workers Spark tasks that each train a copy, which are averaged; 0 to train on the driver alone
 * @param averageEvery steps of each worker between two averages
 * @param maxTokens longest window of the encoder, special tokens included; 0 for the model's own limit; unit: tokens
 */
public record TrainHeadsOptions(
        List<HeadOptions> heads,
        List<Integer> trunk,
        int batchRows,
        int epochs,
        int patience,
        double rate,
        double heldOut,
        int workers,
        int averageEvery,
        int maxTokens,
        long seed)
        implements Serializable {
    private static final int MAX_HEADS = 100;
    private static final int MAX_LAYERS = 16;

    public TrainHeadsOptions {
        heads = List.copyOf(heads);
        trunk = List.copyOf(trunk);
        requireWithin("train.batchRows", 1, 1 << 16, batchRows);
        requireWithin("train.maxEpochs", 1, 1_000_000, epochs);
        requireWithin("train.patience", 0, 1_000_000, patience);
        requireWithin("train.workers", 0, 10_000, workers);
        requireWithin("train.averageEvery", 1, 1_000_000, averageEvery);
        requireWithin("train.maxTokens", 0, Integer.MAX_VALUE, maxTokens);
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("train.rate is " + rate + "; expected more than 0 and at most 1");
        }
        if (!(heldOut > 0 && heldOut < 1)) {
            throw new IllegalArgumentException(
                    "train.devShare is " + heldOut + "; expected a share above 0 and below 1");
        }
        if (heads.isEmpty() || heads.size() > MAX_HEADS) {
            throw new IllegalArgumentException(
                    "train.heads has " + heads.size() + " heads; expected 1 to " + MAX_HEADS);
        }
        if (trunk.size() > MAX_LAYERS) {
            throw new IllegalArgumentException(
                    "train.trunk has " + trunk.size() + " layers; expected at most " + MAX_LAYERS);
        }
        for (int width : trunk) {
            requireWithin("train.trunk", 1, HeadOptions.MAX_WIDTH, width);
        }
        Set<String> names = new HashSet<>();
        for (HeadOptions head : heads) {
            if (!names.add(head.name())) {
                throw new IllegalArgumentException(
                        "train.heads has two heads named " + head.name() + "; name each once");
            }
        }
    }

    private static void requireWithin(String key, int least, int most, int found) {
        if (found < least || found > most) {
            throw new IllegalArgumentException(key + " is " + found + "; expected "
                    + (most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most));
        }
    }
}
