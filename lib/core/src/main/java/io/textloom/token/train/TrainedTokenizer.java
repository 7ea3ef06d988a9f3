package io.textloom.token.train;

import java.util.List;

/**
 * What a training found.
 *
 * @param vocabulary tokens, each at the place of its id
 * @param merges in the order of their ranks; empty for WordPiece, which does not need them
 */
public record TrainedTokenizer(TrainTokenizerOptions options, List<String> vocabulary, List<TokenPair> merges) {
    public TrainedTokenizer {
        vocabulary = List.copyOf(vocabulary);
        merges = List.copyOf(merges);
    }
}
