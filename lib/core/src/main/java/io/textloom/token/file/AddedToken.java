package io.textloom.token.file;

/**
 * A token that is found in the text whatever the model makes of it.
 *
 * @param singleWord only where no word character stands beside it
 * @param lstrip together with the white space before it
 * @param rstrip together with the white space after it
 * @param normalized looked for in the normalized text, not in the original
 * @param special left out when text is decoded
 */
public record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {}
