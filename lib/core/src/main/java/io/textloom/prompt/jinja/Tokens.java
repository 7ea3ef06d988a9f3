package io.textloom.prompt.jinja;

import io.textloom.prompt.jinja.Token.Type;
import java.util.List;

/** A template's tokens and how far a parser has come in them. */
final class Tokens {
    private static final int MAX_NESTING = 200;

    private final List<Token> tokens;
    private int at;
    private int nesting;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token ahead() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    int line() {
        return current().line();
    }

    Token next() {
        Token token = current();
        if (token.type() != Type.END) {
            at++;
        }
        return token;
    }

    boolean is(Type type) {
        return current().type() == type;
    }

    boolean takeOperator(String spelling) {
        return take(current().operator(spelling));
    }

    boolean takeName(String spelling) {
        return take(current().name(spelling));
    }

    private boolean take(boolean matches) {
        if (matches) {
            at++;
        }
        return matches;
    }

    void expectOperator(String spelling) {
        if (!takeOperator(spelling)) {
            throw fail("expected " + spelling + ", found " + current().description());
        }
    }

    Token expect(Type type, String what) {
        if (!is(type)) {
            throw fail("expected " + what + ", found " + current().description());
        }
        return next();
    }

    TemplateException fail(String message) {
        return new TemplateException(line(), message);
    }

    /** Brackets and signs inside each other; a template must not bring the stack to its end. */
    void enter() {
        if (++nesting > MAX_NESTING) {
            throw fail("expressions or blocks are nested more than " + MAX_NESTING + " deep");
        }
    }

    void leave() {
        nesting--;
    }
}
