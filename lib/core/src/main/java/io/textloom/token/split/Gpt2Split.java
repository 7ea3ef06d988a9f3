package io.textloom.token.split;

/**
 * {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}, every match a piece. Source: Radford et al. 2019, as in {@code ByteLevel}.
 */
public final class Gpt2Split extends WholeMatchSplit {
    @Override
    int end(byte[] text, int at, int to) {
        byte lead = text[at];
        if (lead == '\'') {
            int end = Contractions.LOWER_CASE.end(text, at, to);
            if (end > 0) {
                return end;
            }
        }
        int word = lead == ' ' && at + 1 < to ? at + 1 : at;
        int kind = CharKind.at(text, word);
        if (kind != CharKind.SPACE) {
            return CharKind.runEnd(text, word, to, kind);
        }
        return CharKind.spaceEnd(text, at, CharKind.runEnd(text, at, to, CharKind.SPACE), to);
    }
}
