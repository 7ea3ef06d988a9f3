package io.textloom.prompt.jinja;

/** A template that cannot be read or rendered; the message says where. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;
    private final String reason;

    TemplateException(int line, String reason) {
        super("line " + line + ": " + reason);
        this.line = line;
        this.reason = reason;
    }

    /** Of the template, from 1. */
    public int line() {
        return line;
    }

    /** The message without the line; what a template raised itself stands here as it is. */
    public String reason() {
        return reason;
    }
}
