package io.textloom.prompt.jinja;

/** What a rendering has left of its limits. */
final class Budget {
    private final Limits limits;
    private long steps;
    private int depth;

    Budget(Limits limits) {
        this.limits = limits;
    }

    /** @param work about as many values or characters */
    void spend(long work) {
        steps += work;
        if (steps > limits.steps()) {
            throw new Fault("the template does more than " + limits.steps() + " steps; is there a loop over too much?");
        }
    }

    void requireOutput(long characters) {
        if (characters > limits.output()) {
            throw new Fault("the text is longer than " + limits.output() + " characters");
        }
    }

    void enter() {
        if (++depth > limits.depth()) {
            throw new Fault("macros call each other more than " + limits.depth() + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
