package io.textloom.spark.train;

/** What word vectors are trained to foretell. Source: Mikolov et al. 2013, Efficient Estimation of Word Representations in Vector Space. */
public enum WordObjective {
    /** A word from each word near it. */
    SKIP_GRAM,
    /** A word from the mean of the words near it. */
    CBOW
}
