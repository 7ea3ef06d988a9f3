package io.textloom.classify;

/** What counts as an answer in a text. */
public enum AnswerForm {
    /**
     * The best spans, widened to whole words; the probabilities of spans that say the same are added up. As the question answering pipeline of transformers 4 has
     * it.
     */
    WORDS,
    /** The best spans as the model has them, each once. */
    TOKENS
}
