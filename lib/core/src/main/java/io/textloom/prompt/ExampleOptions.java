package io.textloom.prompt;

import java.io.Serializable;

/**
 * Examples that prompts show.
 *
 * @param path of a table in any format the intake reads; empty for none
 * @param shots examples in one prompt
 * @param model that the choice by nearness embeds texts with
 * @param answerColumn of the table: what the model is to say
 */
public record ExampleOptions(String path, int shots, ExampleChoice choice, String model, String answerColumn)
        implements Serializable {
    public static final ExampleOptions NONE =
            new ExampleOptions("", 0, ExampleChoice.FIXED, "all-MiniLM-L6-v2", "label");

    private static final int MAX_SHOTS = 1000;

    public ExampleOptions {
        if (shots < 0 || shots > MAX_SHOTS) {
            throw new IllegalArgumentException(
                    "generate.shots is " + shots + "; expected 0 (no examples) to " + MAX_SHOTS);
        }
        if (!path.isEmpty() && answerColumn.isBlank()) {
            throw new IllegalArgumentException(
                    "generate.exampleAnswer is empty; expected the column of the examples that holds the answers");
        }
    }

    public boolean isUsed() {
        return !path.isEmpty() && shots > 0;
    }
}
