package io.textloom.token.file;

import io.textloom.token.normalize.MarkedSpaces.Front;

/** The settings of {@code Metaspace}, old and new. */
final class Metaspaces {
    private Metaspaces() {}

    static Front front(Part part) {
        String scheme = part.text("prepend_scheme", "always");
        Front front = switch (scheme) {
            case "always" -> Front.ALWAYS;
            case "first" -> Front.FIRST;
            case "never" -> Front.NEVER;
            default -> throw part.wrong("prepend_scheme", "always, first or never");
        };
        if (!part.flag("add_prefix_space", true)) {
            if (part.has("prepend_scheme") && front != Front.NEVER) {
                throw part.wrong("prepend_scheme", "never, as add_prefix_space says");
            }
            return Front.NEVER;
        }
        return front;
    }
}
