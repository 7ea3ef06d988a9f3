package io.textloom.config;

import java.util.Locale;

/** The jobs that have settings, named as on the command line. */
public enum Job {
    TOKENIZE("Turn each text into the token ids of a model"),
    EMBED("Turn each text into one vector, or one per window of a long text"),
    GENERATE("Continue each prompt"),
    SCORE("Say how likely a decoder finds each text or some choices after it, or fill in masked tokens"),
    CLASSIFY("Give each text labels, entities, answers or a score, by a fine-tuned model"),
    TRAIN("Train on a corpus; the one task so far is a tokenizer's vocabulary"),
    VERIFY("Check that an output directory holds what its manifest says"),
    DOCTOR("Check this machine, Spark, its executors and what a job would read, write and run");

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
