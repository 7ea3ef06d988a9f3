package io.textloom.classify;

import java.util.List;

/** Makes of the logits of a text's windows what is found in the text. Safe for concurrent use. */
interface Finder {
    /** @param logits of each window: of the row, or of its tokens, row-major */
    Finding find(String text, CutInput cut, List<float[]> logits);
}
