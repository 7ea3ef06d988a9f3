package io.textloom.spark.train;

import java.io.Serializable;

/**
 * How a forward and a backward language model are trained, and their layers mixed.
 *
 * @param tokenizer folder with a {@code tokenizer.json}; empty for one that is trained first
 * @param pieces most sub-words of a tokenizer that is trained first
 * @param lowercase whether a tokenizer that is trained first knows small letters alone
 * @param hidden width of embeddings and layers in each direction; vectors are twice as long
 * @param streams documents that are read side by side
 * @param unroll how far gradients go back; the state itself is carried on; unit: tokens
 * @param peakRate size of Adam's steps, after a short rise; falls to a twentieth
 * @param steps of the language model; 0 for those of {@code epochs}
 * @param dropout share of inputs and outputs of layers that is dropped in training
 * @param maxNorm gradients longer than this are scaled down
 * @param heldOut share of the documents that is only looked at to measure the loss
 * @param checkpointSteps between two checkpoints, which are points of the curve, too
 * @param mixSteps of learning the mix of layers; 0 for equal parts
 * @param maxWordBytes longer words are left out when a tokenizer is trained; unit: bytes of UTF-8
 * @param threads 2 or more for a thread for each direction, 0 for as many as the driver has cores; the result is the same
 */
public record TrainElmoOptions(
        String tokenizer,
        int pieces,
        boolean lowercase,
        int hidden,
        int streams,
        int unroll,
        double peakRate,
        int epochs,
        int steps,
        double dropout,
        double maxNorm,
        double heldOut,
        int checkpointSteps,
        int mixSteps,
        int maxWordBytes,
        int threads,
        long seed)
        implements Serializable {
    private static final int MAX_PIECES = 1 << 17;
    private static final int MAX_HIDDEN = 1 << 12;
    private static final int MAX_STREAMS = 1 << 12;

    /** Numbers that a layer puts out in a step. */
    private static final long MOST_STATES = 1 << 26;

    public TrainElmoOptions {
        requireWithin("train.pieces", 100, MAX_PIECES, pieces);
        requireWithin("train.hidden", 1, MAX_HIDDEN, hidden);
        requireWithin("train.streams", 2, MAX_STREAMS, streams);
        requireWithin("train.unroll", 2, 1 << 10, unroll);
        requireWithin("train.epochs", 1, 1_000_000, epochs);
        requireWithin("train.steps", 0, Integer.MAX_VALUE, steps);
        requireWithin("train.checkpointSteps", 1, Integer.MAX_VALUE, checkpointSteps);
        requireWithin("train.mixSteps", 0, 1_000_000, mixSteps);
        requireWithin("train.maxWordBytes", 1, 1 << 16, maxWordBytes);
        requireWithin("train.threads", 0, 1 << 10, threads);
        requireShare("train.dropout", dropout, 0.9);
        requireShare("train.heldOut", heldOut, 0.5);
        if (streams % 2 != 0) {
            throw new IllegalArgumentException("train.streams is " + streams
                    + "; expected an even number, as the mix of layers is learnt of pairs");
        }
        if ((long) streams * unroll * hidden > MOST_STATES) {
            throw new IllegalArgumentException("train.streams times train.unroll times train.hidden is "
                    + (long) streams * unroll * hidden + "; expected at most " + MOST_STATES + ", lower one of them");
        }
        requirePositive("train.peakRate", peakRate);
        requirePositive("train.maxNorm", maxNorm);
    }

    private static void requireWithin(String key, int least, int most, int found) {
        if (found < least || found > most) {
            throw new IllegalArgumentException(key + " is " + found + "; expected "
                    + (most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most));
        }
    }

    private static void requireShare(String key, double found, double most) {
        if (!(found >= 0 && found <= most)) {
            throw new IllegalArgumentException(key + " is " + found + "; expected 0 (none) to " + most);
        }
    }

    private static void requirePositive(String key, double found) {
        if (!(found > 0) || !Double.isFinite(found)) {
            throw new IllegalArgumentException(key + " is " + found + "; expected a number above 0");
        }
    }
}
