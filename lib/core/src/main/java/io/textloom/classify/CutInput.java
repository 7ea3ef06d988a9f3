package io.textloom.classify;

import io.textloom.text.Rejection;
import io.textloom.token.ModelInput;
import io.textloom.token.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A text's windows and tokens, or the reason why there are none. Owns its arrays; a reader must not change them. */
final class CutInput {
    private static final int[] NOTHING = new int[0];

    private final List<ModelInput> windows;
    private final int sequence;
    private final int dropped;
    private final int[] ids;
    private final int[] starts;
    private final int[] ends;
    private final Optional<Rejection> rejection;

    /** @param tokens of the whole text, with offsets or without; copied */
    CutInput(List<ModelInput> windows, int sequence, int dropped, Tokens tokens) {
        this.windows = windows;
        this.sequence = sequence;
        this.dropped = dropped;
        this.ids = tokens.copyOfIds(0, tokens.size());
        this.starts = tokens.hasOffsets() ? new int[ids.length] : NOTHING;
        this.ends = tokens.hasOffsets() ? new int[ids.length] : NOTHING;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = tokens.start(i);
            ends[i] = tokens.end(i);
        }
        this.rejection = Optional.empty();
    }

    CutInput(Rejection rejection) {
        this.windows = List.of();
        this.sequence = 0;
        this.dropped = 0;
        this.ids = NOTHING;
        this.starts = NOTHING;
        this.ends = NOTHING;
        this.rejection = Optional.of(rejection);
    }

    /** At least one unless rejected. */
    List<ModelInput> windows() {
        return windows;
    }

    /** What of the text and the one beside it no window holds; unit: tokens */
    int dropped() {
        return dropped;
    }

    /** Tokens of all windows, special ones included; unit: tokens */
    int windowTokens() {
        int tokens = 0;
        for (ModelInput window : windows) {
            tokens += window.size();
        }
        return tokens;
    }

    Optional<Rejection> rejection() {
        return rejection;
    }

    /** Tokens of the text alone, those that were dropped included; unit: tokens */
    int size() {
        return ids.length;
    }

    int id(int token) {
        return ids[token];
    }

    /** First character of a token of the text; unit: code points */
    int start(int token) {
        return starts[token];
    }

    /** One past the last character; unit: code points */
    int end(int token) {
        return ends[token];
    }

    /** Which token of the text stands at a place of a window; -1 for special tokens and those of the other text. */
    int tokenAt(ModelInput window, int place) {
        return window.sequences()[place] == sequence ? window.positions()[place] : -1;
    }

    /** How many tokens of the text a window holds; unit: tokens */
    int textTokens(ModelInput window) {
        int tokens = 0;
        for (int place = 0; place < window.size(); place++) {
            tokens += tokenAt(window, place) >= 0 ? 1 : 0;
        }
        return tokens;
    }

    /**
     * Of every token of the text the window that has most of the text around it, on the side where it has less; the first of equals. -1 for tokens that no
     * window holds.
     */
    int[] widestWindows() {
        int[] widest = new int[ids.length];
        Arrays.fill(widest, -1);
        int[] context = new int[ids.length];
        for (int number = 0; number < windows.size(); number++) {
            ModelInput window = windows.get(number);
            int from = -1;
            int to = -1;
            for (int place = 0; place < window.size(); place++) {
                int token = tokenAt(window, place);
                if (token >= 0) {
                    from = from < 0 ? token : from;
                    to = token + 1;
                }
            }
            for (int token = Math.max(0, from); token < to; token++) {
                int around = Math.min(token - from, to - 1 - token);
                if (widest[token] < 0 || around > context[token]) {
                    widest[token] = number;
                    context[token] = around;
                }
            }
        }
        return widest;
    }
}
