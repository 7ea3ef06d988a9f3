package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The shape of a table of word vectors, from config.json.
 *
 * @param hidden length of the vectors
 * @param words how many ids have a vector: those from 0
 * @param vocabulary how many ids there are, with those of parts of phrases that have no vector alone and, last, of words that are not known
 */
public record WordVectorSpec(int hidden, int words, int vocabulary) implements EncoderSpec {
    /** The {@code model_type}. */
    public static final String MODEL_TYPE = "word2vec";

    /** Name of the matrix in the weights: {@code vocabulary} rows, zeros where an id has no vector. */
    public static final String VECTORS = "vectors";

    /** Which neighbouring ids are one, a line for each: pass, left id, right id, id of both, and how they are written. */
    public static final String PHRASES = "phrases.tsv";

    /** Words with their counts, in the order of their ids. */
    public static final String COUNTS = "vocabulary.tsv";

    public WordVectorSpec {
        ConfigValues.positive("hidden_size", hidden);
        ConfigValues.positive("num_words", words);
        ConfigValues.positive("vocab_size", vocabulary);
        if (words >= vocabulary) {
            throw new ModelException("config.json has num_words " + words + " and vocab_size " + vocabulary
                    + "; expected at least one id more, for words that are not known");
        }
    }

    static WordVectorSpec of(JsonNode config) {
        return new WordVectorSpec(
                ConfigValues.integer(config, "hidden_size"),
                ConfigValues.integer(config, "num_words"),
                ConfigValues.integer(config, "vocab_size"));
    }

    /** The vectors themselves are the only hidden state. */
    @Override
    public int layers() {
        return 0;
    }

    /** Any length will do. */
    @Override
    public int maxPositions() {
        return ConfigValues.MAX_SIZE;
    }

    @Override
    public int typeVocabulary() {
        return 0;
    }

    @Override
    public double flops(int tokens) {
        return (double) tokens * hidden;
    }
}
