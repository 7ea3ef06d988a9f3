package io.textloom.constrain;

import java.util.ArrayList;
import java.util.List;

/** Rules, the first of which is the whole text. Not safe for concurrent use. */
final class Grammar {
    private final List<Expr> rules = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    /** A grammar of one rule. */
    static Grammar of(Expr whole, String name) {
        Grammar grammar = new Grammar();
        grammar.define(grammar.declare(name), whole);
        return grammar;
    }

    /**
     * A rule that is defined later.
     *
     * @param name for messages
     */
    int declare(String name) {
        rules.add(Expr.EMPTY);
        names.add(name);
        return rules.size() - 1;
    }

    void define(int rule, Expr text) {
        rules.set(rule, text);
    }

    Expr rule(int rule) {
        return rules.get(rule);
    }

    String name(int rule) {
        return names.get(rule);
    }

    int size() {
        return rules.size();
    }
}
