package io.textloom.token;

import java.util.List;

/** Ids before and after a single text, such as [CLS] and [SEP]. */
public record SpecialTokens(List<Integer> before, List<Integer> after) {
    public SpecialTokens {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** unit: tokens */
    public int count() {
        return before.size() + after.size();
    }
}
