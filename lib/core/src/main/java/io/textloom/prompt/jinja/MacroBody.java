package io.textloom.prompt.jinja;

import java.util.List;

/**
 * A macro as it is written.
 *
 * @param defaults of the last parameters
 * @param reads names that the body looks up: whether it asks for varargs, kwargs or caller
 */
record MacroBody(
        String name, List<String> parameters, List<Expr> defaults, List<Statement> body, java.util.Set<String> reads) {}
