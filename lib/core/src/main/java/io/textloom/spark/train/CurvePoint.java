package io.textloom.spark.train;

/**
 * How a training stood after some words.
 *
 * @param epoch from 1
 * @param words read since the start, those of earlier runs included
 * @param loss mean since the point before
 * @param heldOutLoss mean over what is not trained on; 0 where nothing is held out
 * @param wordsPerSecond since the point before
 */
public record CurvePoint(
        int epoch, long words, double learningRate, double loss, double heldOutLoss, double wordsPerSecond) {
    /** Nothing is held out. */
    public CurvePoint(int epoch, long words, double learningRate, double loss, double wordsPerSecond) {
        this(epoch, words, learningRate, loss, 0, wordsPerSecond);
    }
}
