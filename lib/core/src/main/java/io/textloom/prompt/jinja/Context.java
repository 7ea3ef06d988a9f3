package io.textloom.prompt.jinja;

import java.time.LocalDateTime;

/** One rendering under way. Not safe for concurrent use. */
final class Context {
    final Budget budget;
    final LocalDateTime now;
    private final boolean strict;
    private Scope scope;
    private StringBuilder out = new StringBuilder();

    Context(Limits limits, LocalDateTime now, boolean strict, Scope scope) {
        this.budget = new Budget(limits);
        this.now = now;
        this.strict = strict;
        this.scope = scope;
    }

    Scope scope() {
        return scope;
    }

    boolean strict() {
        return strict;
    }

    Object lookup(String name) {
        Object value = scope.get(name);
        if (value == null) {
            value = Functions.GLOBALS.get(name);
        }
        return value == null ? Undefined.name(name, strict) : value;
    }

    /** An attribute or item that is not there. */
    Undefined undefined(String message) {
        return new Undefined(message, strict);
    }

    void write(String text) {
        budget.spend(text.length());
        budget.requireOutput((long) out.length() + text.length());
        out.append(text);
    }

    /** Prints a value; what is null stays out of strict templates, where "None" would go unseen into prompts. */
    void print(Object value) {
        if (strict && value == None.NONE) {
            throw new Fault("the value is null; write {{ … | default('', true) }} where it may be");
        }
        write(Values.str(value));
    }

    /** Renders into a text of its own. */
    String capture(Scope inner, Runnable body) {
        Scope before = scope;
        StringBuilder around = out;
        scope = inner;
        out = new StringBuilder();
        try {
            body.run();
            return out.toString();
        } finally {
            scope = before;
            out = around;
        }
    }

    /** Renders in another scope. */
    void within(Scope inner, Runnable body) {
        Scope before = scope;
        scope = inner;
        try {
            body.run();
        } finally {
            scope = before;
        }
    }

    String text() {
        return out.toString();
    }
}
