package io.textloom.train.heads;

import java.io.Serializable;

/**
 * The rows of one step: {@code [from, to)} of a block's examples, shuffled.
 *
 * @param head number of the head that they are for
 * @param order seed of the shuffle
 */
record BatchPlace(int head, Block block, long order, int from, int to) implements Serializable {}
