package io.textloom.constrain;

import java.util.BitSet;

/**
 * What follows a state as tokens.
 *
 * @param allowed of token ids; not to be changed
 * @param mostBytesToEnd the most that the shortest way to an end takes after one of them; unit: bytes
 */
record TokenMask(BitSet allowed, long mostBytesToEnd) {}
