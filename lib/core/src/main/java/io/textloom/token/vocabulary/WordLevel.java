package io.textloom.token.vocabulary;

/** Every piece is a token or the unknown token. */
public final class WordLevel implements SubwordModel, PieceEncoder {
    private final Vocabulary vocabulary;
    private final String unknownToken;
    private final int unknown;

    public WordLevel(Vocabulary vocabulary, String unknownToken) {
        this.vocabulary = vocabulary;
        this.unknownToken = unknownToken;
        unknown = vocabulary.id(unknownToken);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public PieceEncoder encoder() {
        return this;
    }

    @Override
    public int encode(byte[] text, int from, int to, int[] ids, int[] ends, int at) {
        int id = vocabulary.id(text, from, to);
        if (id < 0 && unknown < 0) {
            throw new IllegalArgumentException("the vocabulary has no unknown token \"" + unknownToken + "\"");
        }
        ids[at] = id >= 0 ? id : unknown;
        ends[at] = to;
        return 1;
    }
}
