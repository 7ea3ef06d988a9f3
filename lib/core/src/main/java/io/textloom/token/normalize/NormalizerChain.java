package io.textloom.token.normalize;

import java.util.List;

/** Normalizers one after the other. */
public record NormalizerChain(List<Normalizer> steps) implements Normalizer {
    public NormalizerChain {
        steps = List.copyOf(steps);
    }

    @Override
    public void normalize(TextBuffer in, int from, int to, TextBuffer out) {
        TextBuffer current = in;
        int start = from;
        int end = to;
        for (int i = 0; i < steps.size(); i++) {
            boolean last = i == steps.size() - 1;
            TextBuffer next = last ? out : new TextBuffer();
            if (!last) {
                next.clear(in.aligned());
            }
            steps.get(i).normalize(current, start, end, next);
            current = next;
            start = 0;
            end = next.length();
        }
        if (steps.isEmpty()) {
            out.copy(in, from, to);
        }
    }
}
