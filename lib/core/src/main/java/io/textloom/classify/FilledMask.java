package io.textloom.classify;

/**
 * A token that may stand where a text has a mask.
 *
 * @param position of the mask among the tokens of the text, from 0
 * @param start first character of the mask; unit: code points
 * @param end one past its last character; unit: code points
 * @param token as text; special tokens as they are spelled
 * @param score its probability among the whole vocabulary
 */
public record FilledMask(int position, int start, int end, String token, int tokenId, float score) {}
