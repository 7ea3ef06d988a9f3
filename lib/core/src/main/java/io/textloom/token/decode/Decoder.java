package io.textloom.token.decode;

import java.util.List;

/** One step from tokens to text. Implementations are immutable; the state of a sequence is in the sink they make. */
public interface Decoder {
    /** A sink that passes on what it makes of its tokens as soon as later ones cannot change it. */
    TokenSink onto(TokenSink next);

    /** The steps one after the other. */
    static Decoder chain(List<Decoder> steps) {
        List<Decoder> copy = List.copyOf(steps);
        return next -> {
            TokenSink sink = next;
            for (int i = copy.size() - 1; i >= 0; i--) {
                sink = copy.get(i).onto(sink);
            }
            return sink;
        };
    }
}
