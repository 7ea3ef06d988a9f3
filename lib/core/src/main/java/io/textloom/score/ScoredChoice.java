package io.textloom.score;

/**
 * One choice of a text.
 *
 * @param logprob natural logarithm of its probability after the text
 * @param tokens that it has
 * @param score by which choices are compared
 * @param probability the exponential function of the score, made to add up to 1 over the choices
 */
public record ScoredChoice(String choice, double logprob, int tokens, double score, double probability) {}
