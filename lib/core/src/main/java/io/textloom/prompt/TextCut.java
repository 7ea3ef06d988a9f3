package io.textloom.prompt;

/** Which end of a text is left out where a prompt is too long. */
public enum TextCut {
    END,
    BEGINNING
}
