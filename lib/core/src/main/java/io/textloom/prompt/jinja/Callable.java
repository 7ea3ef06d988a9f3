package io.textloom.prompt.jinja;

/** A function, method or macro. */
interface Callable {
    Object call(Args args, Context context);

    /** As it is spelled where a template prints it. */
    default String spelling() {
        return "<function>";
    }
}
