package io.textloom.token;

import io.textloom.token.file.CutStep;
import io.textloom.token.normalize.Prefix;
import io.textloom.token.normalize.TextBuffer;
import io.textloom.token.split.Pieces;
import java.util.List;

/** One thread's buffers over a chain of pre-tokenizers. Not safe for concurrent use. */
final class Cutter {
    private final CutStep[] steps;
    private Pieces pieces = new Pieces();
    private Pieces next = new Pieces();
    private TextBuffer written = new TextBuffer();
    private TextBuffer spare = new TextBuffer();
    private TextBuffer text = written;

    Cutter(List<CutStep> steps) {
        this.steps = steps.toArray(CutStep[]::new);
    }

    /** Whether origins must be kept even if nobody asks for offsets: a step after the first, or after a normalizer, wants to know the beginning of the original. */
    static boolean needsOrigins(List<CutStep> steps, boolean normalized) {
        return (normalized || steps.size() > 1)
                && steps.stream()
                        .anyMatch(step ->
                                step.prefix().isPresent() && step.prefix().get().asksForFirst());
    }

    /**
     * @param in not empty in {@code [from, to)}
     * @return bounds in {@link #text}; valid until the next call
     */
    Pieces cut(TextBuffer in, int from, int to) {
        text = in;
        pieces.clear();
        pieces.add(from, to);
        for (CutStep step : steps) {
            next.clear();
            if (step.prefix().isPresent()) {
                rewrite(step, step.prefix().get());
            } else {
                byte[] bytes = text.bytes();
                for (int i = 0; i < pieces.size(); i++) {
                    step.cut().split(bytes, pieces.from(i), pieces.to(i), next);
                }
            }
            Pieces done = pieces;
            pieces = next;
            next = done;
        }
        return pieces;
    }

    /** What the pieces are pieces of. */
    TextBuffer text() {
        return text;
    }

    void forgetLargeBuffers() {
        written = new TextBuffer();
        spare = new TextBuffer();
        text = written;
        pieces = new Pieces();
        next = new Pieces();
    }

    private void rewrite(CutStep step, Prefix prefix) {
        TextBuffer out = text == written ? spare : written;
        out.clear(text.aligned());
        for (int i = 0; i < pieces.size(); i++) {
            int from = pieces.from(i);
            int start = out.length();
            boolean first = text.aligned() ? text.start(from) == 0 : from == 0;
            prefix.apply(text, from, pieces.to(i), first, out);
            step.cut().split(out.bytes(), start, out.length(), next);
        }
        text = out;
    }
}
