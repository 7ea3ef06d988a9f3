package io.textloom.embed;

import io.textloom.text.Rejection;
import java.util.List;
import java.util.Optional;

/**
 * A text cut into windows, or the reason why it could not be.
 *
 * @param windows at least one unless rejected
 * @param dropped what of the text is behind the last window; unit: tokens
 * @param unknown what was in windows of which the model knows nothing, and which were left out; unit: tokens
 */
public record CutText(List<Window> windows, int dropped, int unknown, Optional<Rejection> rejection) {
    public CutText {
        windows = List.copyOf(windows);
    }

    static CutText rejected(Rejection rejection) {
        return new CutText(List.of(), 0, 0, Optional.of(rejection));
    }
}
