package io.textloom.tensor;

import java.util.Locale;

/** What a head on frozen vectors does, and which of the vectors it sees. */
public enum HeadTask {
    /** A label of a text. */
    SEQUENCE(false, false),
    /** A label of a text with another one. */
    PAIR(true, false),
    /** A number of a text, or of a pair. */
    REGRESSION(false, false),
    /** A label of every token. */
    TOKEN(false, true),
    /** Where in a text the answer to a question begins and ends. */
    SPAN(true, true),
    /** Which of some texts goes best with a text. */
    CHOICE(true, false);

    private final boolean two;
    private final boolean tokens;

    HeadTask(boolean two, boolean tokens) {
        this.two = two;
        this.tokens = tokens;
    }

    /** Whether there is always a second vector. */
    public boolean two() {
        return two;
    }

    /** Whether it sees the vectors of tokens. */
    public boolean tokens() {
        return tokens;
    }

    /** Whether its outputs are labels that exclude each other. */
    public boolean labels() {
        return this == SEQUENCE || this == PAIR || this == TOKEN;
    }

    /** Whether its outputs are compared over the items of one row: tokens, or choices. */
    public boolean points() {
        return this == SPAN || this == CHOICE;
    }

    /** As files and settings spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static HeadTask named(String label) {
        for (HeadTask task : values()) {
            if (task.label().equals(label)) {
                return task;
            }
        }
        throw new IllegalArgumentException(
                "A head has the task \"" + label + "\"; expected sequence, pair, regression, token, span or choice");
    }
}
