package io.textloom.spark.train;

/**
 * How a training stood after some words.
 *
 * @param epoch from 1
 * @param words read since the start, those of earlier runs included
 * @param loss mean since the point before
 * @param wordsPerSecond since the point before
 */
public record CurvePoint(int epoch, long words, double learningRate, double loss, double wordsPerSecond) {}
