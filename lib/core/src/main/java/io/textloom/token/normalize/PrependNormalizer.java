package io.textloom.token.normalize;

/**
 * A text in front of every text that is not empty; it has the origin of the first character.
 *
 * @param prefix what is put in front
 */
public record PrependNormalizer(String prefix) implements Normalizer {
    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        if (from < to) {
            out.put(prefix, in, from);
            out.copy(in, from, to);
        }
    }
}
