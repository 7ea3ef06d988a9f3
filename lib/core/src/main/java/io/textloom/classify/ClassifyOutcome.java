package io.textloom.classify;

import io.textloom.text.Rejection;

/** What became of one text. */
public sealed interface ClassifyOutcome {
    /**
     * @param tokens what the model saw, special tokens included, overlaps of windows counted each time; unit: tokens
     * @param dropped what of the text, or of the one beside it, no window holds; unit: tokens
     */
    record Classified(Finding finding, int tokens, int dropped) implements ClassifyOutcome {
        public boolean truncated() {
            return dropped > 0;
        }
    }

    record Rejected(Rejection rejection) implements ClassifyOutcome {}
}
