package io.textloom.generate;

import io.textloom.runtime.DecodeState;

/** Makes what holds a lane's slots. Belongs to one lane. */
interface Occupants {
    /**
     * @param slots of which the first holds the prompt
     */
    Occupant make(Pending pending, int sample, int[] slots);

    /** Makes those of a lane that decodes with that state. */
    @FunctionalInterface
    interface Factory {
        Occupants on(DecodeState state);
    }
}
