package io.textloom.prompt.jinja;

/** What went wrong inside an expression; the statement around it adds the line. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    Fault(String message) {
        super(message, null, false, false);
    }
}
