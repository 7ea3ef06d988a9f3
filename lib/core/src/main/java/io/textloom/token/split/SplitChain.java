package io.textloom.token.split;

import java.util.List;

/** Pre-tokenizers one after the other, each on the pieces of the one before. */
public record SplitChain(List<PreTokenizer> steps) implements PreTokenizer {
    public SplitChain {
        steps = List.copyOf(steps);
    }

    @Override
    public void split(byte[] text, int from, int to, Pieces pieces) {
        Pieces current = new Pieces();
        current.add(from, to);
        for (int i = 0; i < steps.size(); i++) {
            Pieces next = i == steps.size() - 1 ? pieces : new Pieces();
            for (int p = 0; p < current.size(); p++) {
                steps.get(i).split(text, current.from(p), current.to(p), next);
            }
            current = next;
        }
    }
}
