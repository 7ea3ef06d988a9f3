package io.textloom.generate;

import java.util.Locale;

/** Why a completion ended. */
public enum FinishReason {
    /** An end token or a stop string. */
    STOP,
    /** As many tokens as were asked for. */
    LENGTH;

    /** As in the output column: {@code stop} or {@code length}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
