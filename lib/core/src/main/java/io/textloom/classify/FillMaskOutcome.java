package io.textloom.classify;

import io.textloom.text.Rejection;
import java.util.List;
import java.util.Optional;

/** What became of one text with masks. */
public sealed interface FillMaskOutcome {
    /**
     * @param predictions in the order of the masks, the likeliest first; none for a text without a mask
     * @param nextSentence how likely it is that the second text follows on the first; empty without a second, or a head for it
     * @param tokens what the text has, special tokens included, overlaps of windows counted each time; unit: tokens
     * @param dropped what of the text, or of the one beside it, no window holds; unit: tokens
     */
    record Filled(List<FilledMask> predictions, Optional<Float> nextSentence, int tokens, int dropped)
            implements FillMaskOutcome {
        public Filled {
            predictions = List.copyOf(predictions);
        }

        public boolean truncated() {
            return dropped > 0;
        }
    }

    record Rejected(Rejection rejection) implements FillMaskOutcome {}
}
