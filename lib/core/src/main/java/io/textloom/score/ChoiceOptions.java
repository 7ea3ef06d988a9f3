package io.textloom.score;

import io.textloom.token.LongDocuments;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What the score job's task choices does with each text.
 *
 * @param choices the same for every text; empty if a column holds them
 * @param choicesColumn column that holds a list of each text's own; or empty
 * @param separator stands between a text and a choice, where neither brings a white space
 * @param pmiContext neutral text for {@link ChoiceScore#PMI}; empty for the model's start token alone
 * @param labelColumn kept column that holds the right choice, for the accuracy in the report; or empty
 * @param longDocuments whether a text too long is an error; else it is cut at its beginning
 */
public record ChoiceOptions(
        List<String> choices,
        String choicesColumn,
        String separator,
        ChoiceScore score,
        String pmiContext,
        String labelColumn,
        LongDocuments longDocuments,
        DecoderOptions decoder)
        implements Serializable {
    public ChoiceOptions {
        choices = List.copyOf(choices);
        if (choices.isEmpty() == choicesColumn.isEmpty()) {
            throw new IllegalArgumentException("score.choices is " + choices + " and score.choicesColumn "
                    + (choicesColumn.isEmpty() ? "empty" : choicesColumn)
                    + "; expected one of the two: --choices TEXT for each choice of all texts, or --choices-column NAME"
                    + " of a column with a list of texts");
        }
        if (choices.size() == 1) {
            throw new IllegalArgumentException("score.choices is " + choices + " alone; expected at least two");
        }
        for (String choice : choices) {
            if (choice.isBlank()) {
                throw new IllegalArgumentException(
                        "score.choices is " + choices + ", one of them empty; expected texts to choose from");
            }
        }
        if (new HashSet<>(choices).size() < choices.size()) {
            throw new IllegalArgumentException("score.choices is " + choices + ", one of them twice; name each once");
        }
    }

    /** The column that holds each text's own choices. */
    public Optional<String> otherColumn() {
        return choicesColumn.isEmpty() ? Optional.empty() : Optional.of(choicesColumn);
    }

    /** The column that holds the right choice. */
    public Optional<String> rightColumn() {
        return labelColumn.isEmpty() ? Optional.empty() : Optional.of(labelColumn);
    }
}
