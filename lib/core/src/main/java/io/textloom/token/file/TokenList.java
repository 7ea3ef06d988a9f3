package io.textloom.token.file;

import io.textloom.token.vocabulary.ByteAlphabet;
import io.textloom.token.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A vocabulary as a file lists it: tokens, ids and, for a Unigram model, scores. Not safe for concurrent use. */
final class TokenList {
    private final Vocabulary.Builder builder = new Vocabulary.Builder();
    private double[] scores = new double[0];
    private boolean scored;

    /** @throws IllegalArgumentException if the id is out of range */
    void add(String token, long id, double score) {
        builder.add(token, id);
        if (score != 0 && !scored) {
            scored = true;
        }
        int at = builder.count() - 1;
        if (scored) {
            if (at >= scores.length) {
                scores = Arrays.copyOf(scores, Math.max(1 << 12, 2 * at + 2));
            }
            scores[at] = score;
        }
    }

    /** unit: tokens */
    int size() {
        return builder.count();
    }

    /** Scores in the order of the file, which is that of the ids for a Unigram model. */
    double[] scores() {
        return Arrays.copyOf(scores, size());
    }

    /** @throws IllegalArgumentException if a token has two ids or two tokens have one */
    Vocabulary build() {
        return builder.build();
    }

    Vocabulary buildWithRepeats() {
        return builder.buildWithRepeats();
    }

    /** The same ids over the bytes that byte-level tokens stand for; what is not written in the byte alphabet cannot be found. */
    static Vocabulary raw(Vocabulary spelled) {
        Vocabulary.Builder raw = new Vocabulary.Builder();
        for (int id = 0; id < spelled.size(); id++) {
            if (spelled.has(id)) {
                String token = spelled.token(id);
                byte[] bytes = ByteAlphabet.raw(token);
                raw.add(bytes == null ? token.getBytes(StandardCharsets.UTF_8) : bytes, id, bytes != null);
            }
        }
        return raw.build();
    }
}
