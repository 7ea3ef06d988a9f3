package io.textloom.prompt;

import java.util.List;

/** A prompt whose examples and text are still to be chosen. */
interface Draft {
    /** The text that may be cut; empty if there is none. */
    String cuttable();

    /** @param text in place of {@link #cuttable} */
    String render(List<Integer> examples, String text);
}
