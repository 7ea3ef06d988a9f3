package io.textloom.embed;

/** Whether vectors are scaled to length 1: asked for, or as the model has it. */
public enum NormalizeOption {
    MODEL,
    TRUE,
    FALSE;

    public boolean or(boolean modelDefault) {
        return this == MODEL ? modelDefault : this == TRUE;
    }
}
