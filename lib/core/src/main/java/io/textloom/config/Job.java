package io.textloom.config;

import java.util.Locale;

/** The jobs that have settings, named as on the command line. */
public enum Job {
    TOKENIZE("Turn each text into the token ids of a model"),
    EMBED("Turn each text into one vector, or one per window of a long text"),
    GENERATE("Continue each prompt"),
    SCORE("Say how likely tokens are in each text; the one task so far fills in masked ones"),
    CLASSIFY("Give each text labels, entities, answers or a score, by a fine-tuned model"),
    TRAIN("Train on a corpus; the one task so far is a tokenizer's vocabulary"),
    VERIFY("Check that an output directory holds what its manifest says");

    private final String summary;

    Job(String summary) {
        this.summary = summary;
    }

    /** {@code embed} for {@link #EMBED}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String summary() {
        return summary;
    }
}
