package io.textloom.score;

import io.textloom.text.Rejection;
import java.util.List;

/** What became of one text that has choices. */
public sealed interface ChoiceOutcome {
    /**
     * @param best number of the choice with the highest score, of equals the first
     * @param choices in their order
     * @param dropped tokens at the beginning of the text that were left out because it is too long
     */
    record Scored(int best, List<ScoredChoice> choices, int dropped) implements ChoiceOutcome {
        public Scored {
            choices = List.copyOf(choices);
        }

        /** Tokens of all choices. */
        public int tokens() {
            int tokens = 0;
            for (ScoredChoice choice : choices) {
                tokens += choice.tokens();
            }
            return tokens;
        }
    }

    record Rejected(Rejection rejection) implements ChoiceOutcome {}
}
