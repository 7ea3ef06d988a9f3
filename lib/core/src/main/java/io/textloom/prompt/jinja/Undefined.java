package io.textloom.prompt.jinja;

/**
 * A name or attribute that is not there.
 *
 * @param message what is said when something is asked of it
 * @param strict whether that goes for printing and testing it, too
 */
record Undefined(String message, boolean strict) {
    static Undefined name(String name, boolean strict) {
        return new Undefined("'" + name + "' is undefined", strict);
    }

    static Undefined of(String message) {
        return new Undefined(message, false);
    }

    Fault fault() {
        return new Fault(message);
    }

    /** Where a lenient one counts as nothing. */
    void use() {
        if (strict) {
            throw fault();
        }
    }
}
