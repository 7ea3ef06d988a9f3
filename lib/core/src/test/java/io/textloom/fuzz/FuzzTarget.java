package io.textloom.fuzz;

import java.util.Set;

/**
 * A parser under fuzzing and what it promises for every input: it returns, or throws one of its typed errors, within the stated allocation.
 *
 * @param typed classes of the errors that it may throw
 * @param baseBytes what it may allocate for an empty input; unit: bytes
 * @param bytesPerByte and for each byte of the input
 */
public record FuzzTarget(
        String name, Shape shape, Set<Class<? extends Throwable>> typed, long baseBytes, long bytesPerByte, Body body) {
    /** What the mutator has to keep so that an input gets past the first check. */
    public enum Shape {
        /** Text with brackets, quotes and words. */
        TEXT,
        /** The same behind eight bytes that give its length, and anything behind it. */
        PREFIXED_TEXT,
        BINARY
    }

    /** Parses an input. */
    @FunctionalInterface
    public interface Body {
        /** @return anything that tells accepted inputs apart, such as a count: inputs with new answers are mutated further */
        long run(byte[] input) throws Exception;
    }

    public FuzzTarget {
        typed = Set.copyOf(typed);
    }

    boolean allows(Throwable thrown) {
        return typed.stream().anyMatch(type -> type.isInstance(thrown));
    }

    long allowedBytes(int inputBytes) {
        return baseBytes + bytesPerByte * inputBytes;
    }
}
